import { describe, expect, it } from "vitest";
import { within } from "./within";

describe("work that may hang", () => {
  it("is not waited for any more when its time is over, with a code, its name and what to do", async () => {
    await expect(within(20, "Starting “web”", () => new Promise(() => undefined))).rejects.toMatchObject({
      code: "STEP_TIMEOUT", message: "Starting “web” did not end within 0.02 s and is not waited for any more. See on the host what holds it up (ps, dmesg), then apply again.",
    });
  });

  it("that ends in time is what it is, well or badly", async () => {
    expect(await within(60_000, "x", () => Promise.resolve(7))).toBe(7);
    await expect(within(60_000, "x", () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
