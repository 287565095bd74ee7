import { AppError } from "@vpclab/shared/errors/app-error";
import { describe, expect, it } from "vitest";
import { ownError } from "./own-error";

/** As the agent's bundle throws it: its own copy of the class. */
function foreign(code: string): Error {
  return Object.assign(new Error("needs root"), { name: "AppError", code, issues: [{ severity: "error", code: "PRIVILEGE", path: [], message: "x" }] });
}

describe("errors of the agent's bundle", () => {
  it("keep code, words and issues, so that the exit code is right", () => {
    const own = ownError(foreign("PRIVILEGE"));
    expect(own).toBeInstanceOf(AppError);
    expect(own).toMatchObject({ code: "PRIVILEGE", message: "needs root", issues: [{ message: "x" }] });
  });

  it.each([new Error("x"), foreign("NO_CODE_OF_OURS"), "text", null, new AppError("CONFLICT", "y")])("leaves %s alone", (error) => expect(ownError(error)).toBe(error));
});
