import { describe, expect, it } from "vitest";
import { isLoopback, joinCommand } from "./join-command";

describe("the command by which a host joins", () => {
  it("shows the token to the agent's standard input and to nobody else", () => {
    expect(joinCommand({ name: "lab2", token: "vpcj1.a.b.c", url: "https://lab.example" }, "host").split("\n")).toEqual([
      "sudo node apps/agent/dist/agent.mjs enrol \\",
      "  --url https://lab.example --name lab2 --mode host <<'TOKEN' &&",
      "vpcj1.a.b.c",
      "TOKEN",
      "sudo node apps/agent/dist/agent.mjs run --mode host",
    ]);
  });

  it.each([["http://localhost:3000", true], ["http://127.0.0.1:3000", true], ["http://[::1]:3000", true], ["https://localhost.example", false], ["https://lab.example", false]])(
    "%s is this machine only: %s", (url, here) => expect(isLoopback(url)).toBe(here));
});
