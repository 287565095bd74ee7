import { ERROR_CODES } from "@vpclab/shared/errors/error-code";
import { describe, expect, it } from "vitest";
import { EXIT, exitCodeOf } from "./exit-code";

describe("exit codes", () => {
  it("are stable", () => expect(EXIT).toEqual({ ok: 0, failed: 1, usage: 2, unreachable: 3, notFound: 4, conflict: 5, interrupted: 130 }));

  it("no error ends with success", () => {
    expect(ERROR_CODES.filter((code) => !(exitCodeOf(code) >= 1))).toEqual([]);
  });

  it.each([
    ["KERNEL_REFUSED", 1], ["CIDR_OVERLAP", 2], ["NAME_GRAMMAR", 2], ["HOST_OFFLINE", 3], ["PRIVILEGE", 3], ["UNAUTHENTICATED", 3],
    ["NOT_FOUND", 4], ["REF_UNKNOWN", 4], ["CONFLICT", 5], ["NAME_TAKEN", 5],
  ] as const)("%s is %i", (code, exit) => expect(exitCodeOf(code)).toBe(exit));
});
