import { describe, expect, it } from "vitest";
import { isLoopback, joinCommand } from "./join-command";

describe("the command by which a host joins", () => {
  it("shows the token to the agent's standard input and to nobody else", () => {
    const [line, ...rest] = joinCommand({ name: "lab2", token: "vpcj1.a.b.c", url: "https://lab.example" }, "host").split("\n");
    expect(line).not.toContain("vpcj1");
    expect(line).toContain("enrol --url https://lab.example --name lab2 --mode host <<'TOKEN'");
    expect(rest).toEqual(["vpcj1.a.b.c", "TOKEN"]);
  });

  it.each([["http://localhost:3000", true], ["http://127.0.0.1:3000", true], ["http://[::1]:3000", true], ["https://localhost.example", false], ["https://lab.example", false]])(
    "%s is this machine only: %s", (url, here) => expect(isLoopback(url)).toBe(here));
});
