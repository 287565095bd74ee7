import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { PAYLOAD_TYPE } from "@vpclab/shared/wire/job";
import { generateSigningKey } from "../link/ed25519";
import { sealEnvelope } from "../link/envelope";

const AGENT = resolve(import.meta.dirname, "../..");
const SECRET = "Canary_of_the_join_secret_".padEnd(43, "x");
const serverKey = generateSigningKey();
const TOKEN = `vpcj1.${serverKey.keyId}.AAAAAAAAAAAAAAAAAAAAAA.${SECRET}`;

/** What any process of this machine shows of itself to whoever may look: arguments and environment. */
function shown(): { readonly pid: string; readonly text: string }[] {
  return readdirSync("/proc").filter((name) => /^\d+$/.test(name)).flatMap((pid) => ["cmdline", "environ"].flatMap((name) => {
    try {
      return [{ pid, text: readFileSync(`/proc/${pid}/${name}`, "latin1") }];
    } catch {
      return []; // it has ended, or is not ours to look at
    }
  }));
}
const showing = (secrets: readonly string[]): string[] => shown().filter(({ text }) => secrets.some((secret) => text.includes(secret))).map(({ pid }) => pid);

/** E-6 while an enrolment is under way: the server looks around before it answers. */
describe("an enrolment", () => {
  const root = mkdtempSync(join(tmpdir(), "vpclab-enrol-secrets-"));
  const socket = join(root, "server.sock");
  let looked: { processes: number; found: string[]; agentSeen: boolean; core: string } | null = null;
  let stateDir = "";
  let agentPid = 0;
  const seed = () => readFileSync(join(stateDir, "agent.key"), "utf8").trim();
  const server = createServer((request, response) => {
    const isEnrolment = request.url === "/agent/v1/enrol";
    request.resume().once("end", () => {
      if (isEnrolment) {
        const all = shown();
        looked = {
          processes: all.length, found: showing([SECRET, TOKEN, seed()]), agentSeen: all.some(({ pid }) => pid === String(agentPid)),
          core: /^Max core file size\s+(\S+)\s+(\S+)/m.exec(readFileSync(`/proc/${agentPid}/limits`, "utf8"))?.slice(1).join(" ") ?? "",
        };
      }
      const keySet = sealEnvelope(PAYLOAD_TYPE.keySet, { v: 1, version: 1, jobKey: serverKey.text }, serverKey);
      const body = isEnrolment ? { agentId: "host-1", jobKey: serverKey.text, state: "pending" } : { v: 1, jobKey: serverKey.text, keySet };
      response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(body));
    });
  });
  beforeAll(async () => {
    execFileSync(process.execPath, ["build.mjs", join(root, "bundle")], { cwd: AGENT });
    await new Promise<void>((resolve) => server.listen(socket, resolve));
  }, 120_000);
  afterAll(() => {
    server.close();
    rmSync(root, { recursive: true, force: true });
  });

  async function enrol(name: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
    looked = null;
    stateDir = join(root, name);
    const child = spawn(process.execPath, [join(root, "bundle/agent.mjs"), "enrol", "--state", stateDir, "--url", `ws+unix://${socket}`, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    agentPid = child.pid ?? 0;
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stdin.on("error", () => undefined).end(args.length === 0 ? `${TOKEN}\n` : "");
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    return { code, output };
  }

  it.each([["standard input", "by-stdin", []], ["a file", "by-file", ["--token-file", join(root, "token")]]] as const)(
    "with a token from %s shows neither token nor key in any process's arguments or environment, nor prints them, and would leave no core file", async (_, name, args) => {
      writeFileSync(join(root, "token"), TOKEN, { mode: 0o600 });
      const { code, output } = await enrol(name, ...args);
      expect([code, output]).toEqual([0, expect.stringMatching(/fingerprint of this host/)]);
      expect(looked).toMatchObject({ found: [], agentSeen: true });
      expect(looked?.processes).toBeGreaterThan(3);
      // 1: less than any core file has, and no handler of core files is started. 0: where the limit was 0 and could not be raised.
      expect(looked?.core).toMatch(/^(1 1|0 0)$/);
      for (const secret of [SECRET, seed()]) expect(output).not.toContain(secret);
      const logs = readdirSync(stateDir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile() && entry.name !== "agent.key");
      expect(logs.length).toBeGreaterThan(0);
      for (const entry of logs) for (const secret of [SECRET, seed()]) expect([entry.name, readFileSync(join(entry.parentPath, entry.name), "latin1").includes(secret)]).toEqual([entry.name, false]);
    });

  it("would have been seen to show them", async () => {
    for (const [args, env] of [[[SECRET], {}], [[], { TOKEN }]] as const) {
      const child = spawn(process.execPath, ["-e", "process.stdin.resume()", ...args], { stdio: ["pipe", "ignore", "ignore"], env: { ...process.env, ...env } });
      await expect.poll(() => showing([SECRET]), { timeout: 15_000 }).toEqual([String(child.pid)]);
      child.kill("SIGKILL");
      await new Promise((resolve) => child.once("close", resolve));
    }
  });
});
