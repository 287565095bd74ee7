import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { AF_INET, SOCK_DGRAM, SystemCallError, close, keepDescriptorsToOurselves, openLibrary, setns, socket, socketError } from "./libc";

describe("system calls", () => {
  it("that fail say which, and why, by name", () => {
    expect(() => setns(-1, 0)).toThrow(new SystemCallError("setns", 9));
    expect(new SystemCallError("setns", 9)).toMatchObject({ code: "EBADF", call: "setns", message: "setns: Bad file descriptor" });
  });
  it("open sockets that work", () => {
    const fd = socket(AF_INET, SOCK_DGRAM);
    expect(socketError(fd)).toBe(0);
    close(fd);
    expect(() => close(fd)).toThrow("Bad file descriptor");
  });
});

describe("descriptors that a library opened", () => {
  const leaky = openLibrary("libc.so.6").func("int dup(int fd)") as unknown as (fd: number) => number;
  const passedOn = (fd: number) => execFileSync("sh", ["-c", `test -e /proc/self/fd/${fd} && echo yes || echo no`], { encoding: "utf8" }).trim();

  it("do not pass on to programs", () => {
    const own = socket(AF_INET, SOCK_DGRAM);
    const fd = leaky(own);
    expect(passedOn(fd)).toBe("yes");
    keepDescriptorsToOurselves();
    expect(passedOn(fd)).toBe("no");
    close(fd);
    close(own);
  });
});
