import { mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import type { Socket } from "node:net";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { LocalAgent } from "@vpclab/shared/wire/local-agent";
import { SILENT_LOG } from "../report/agent-log";
import { connectControl } from "./control-client";
import { openControlPath } from "./control-path";
import type { ControlServer } from "./control-server";
import { LINE_BYTES_MAX, serveControl } from "./control-server";

const TOPOLOGY_ID = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff";

describe("the control socket", () => {
  let root: string;
  let stateDir: string;
  let server: ControlServer;
  let asked: unknown[];
  const sockets: Socket[] = [];

  /** Answers with what it was asked, except where it shows how something ends. */
  const ask = (async (method: string, params: object, onProgress?: (objects: object) => void) => {
    asked.push({ method, params });
    if (method === "plan") throw new AppError("NAME_TAKEN", "taken", { issues: [{ severity: "error", code: "NAME_TAKEN", path: ["vpcs", 0], message: "taken" }] });
    if (method === "held") throw new Error("secret of the inside");
    if (method === "counters") onProgress?.({ "vpc-1": { state: "applying" } });
    return Promise.resolve({ method, params });
  }) as unknown as LocalAgent["ask"];

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "vpclab-control-"));
    // Longer than a unix socket's path can be.
    stateDir = join(root, "x".repeat(120));
    await mkdir(stateDir, { mode: 0o700 });
    asked = [];
    server = await serveControl(stateDir, ask, SILENT_LOG);
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await server.close();
    await rm(root, { recursive: true, force: true });
  });

  const client = async (): Promise<LocalAgent> => (await connectControl(stateDir)) ?? expect.fail("nobody answers");
  /** Sends bytes as they are; what comes back until the connection ends or `lines` lines have come. */
  async function raw(text: string, lines: number): Promise<string[]> {
    const control = await openControlPath(stateDir);
    const socket = createConnection(control.path);
    sockets.push(socket);
    socket.on("error", () => undefined).write(text);
    let heard = "";
    return new Promise((resolve) => {
      const done = (): void => void control.close().then(() => resolve(heard.split("\n").filter((line) => line !== "")));
      socket.on("data", (chunk) => {
        heard += chunk.toString();
        if (heard.split("\n").length > lines) done();
      }).on("close", done);
    });
  }

  it("answers several clients at once, each with its own answers and progress", async () => {
    const clients = await Promise.all([client(), client(), client()]);
    const answers = await Promise.all(clients.flatMap((one, i) => [one.ask("activity", { last: i + 1 }), one.ask("activity", { last: i + 10 })]));
    expect(answers).toEqual([1, 10, 2, 11, 3, 12].map((last) => ({ method: "activity", params: { last } })));
    const heard: unknown[] = [];
    await clients[0]!.ask("counters", { topologyId: TOPOLOGY_ID }, (objects) => heard.push(objects));
    expect(heard).toEqual([{ "vpc-1": { state: "applying" } }]);
    for (const one of clients) await one.close();
  });

  it("hands on what an error says, and nothing of what broke inside", async () => {
    const one = await client();
    await expect(one.ask("plan", { topologyId: TOPOLOGY_ID, topologyName: "default", desired: null })).rejects.toMatchObject({ code: "NAME_TAKEN", message: "taken", issues: [{ path: ["vpcs", 0] }] });
    await expect(one.ask("held", {})).rejects.toMatchObject({ code: "INTERNAL", message: expect.not.stringContaining("secret") });
    await one.close();
  });

  it.each([
    ["no JSON", "{nonsense\n", "JSON_SYNTAX"],
    ["a number", "7\n", "SCHEMA"],
    ["no id", `{"method":"facts","params":{}}\n`, "SCHEMA"],
    ["an unknown method", `{"id":1,"method":"run","params":{"command":"id"}}\n`, "SCHEMA"],
    ["more than was asked for", `{"id":1,"method":"facts","params":{"x":1}}\n`, "SCHEMA"],
    ["a topology that is none", `{"id":1,"method":"apply","params":{"topologyId":"${TOPOLOGY_ID}","topologyName":"a","baseRevision":0,"desired":{"vpcs":[]},"actor":"x"}}\n`, "SCHEMA"],
    ["no UUID", `{"id":1,"method":"counters","params":{"topologyId":"../../etc"}}\n`, "SCHEMA"],
    ["a line without an end", "x".repeat(LINE_BYTES_MAX + 2), "TOO_LARGE"],
  ])("refuses %s, and goes on", async (_name, text, code) => {
    const [answer] = await raw(text, 1);
    expect(JSON.parse(answer ?? "{}")).toMatchObject({ error: { code } });
    expect(asked).toEqual([]);
    const one = await client();
    expect(await one.ask("facts", {})).toEqual({ method: "facts", params: {} });
    await one.close();
  });

  it("takes requests in pieces and several in one", async () => {
    const request = (id: number): string => `{"id":${id},"method":"facts","params":{}}\n`;
    expect((await raw(`${request(1)}\n${request(2)}${request(3)}`, 3)).map((line) => (JSON.parse(line) as { id: number }).id).sort()).toEqual([1, 2, 3]);
  });

  it("is for its owner alone, takes the place of a dead one, and is gone at the end", async () => {
    const path = join(stateDir, "control.sock");
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const one = await client();
    await server.close();
    await expect(one.ask("facts", {})).rejects.toMatchObject({ code: "HOST_OFFLINE" });
    await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await connectControl(stateDir)).toBeNull();
    await writeFile(path, "");
    server = await serveControl(stateDir, ask, SILENT_LOG);
    expect(await (await client()).ask("facts", {})).toMatchObject({ method: "facts" });
  });
});
