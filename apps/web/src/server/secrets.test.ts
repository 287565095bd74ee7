import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callRouter } from "./routers/app-router";
import { enrol, newAgentKey, enrolRequest, postEnrol } from "./testing/fake-agent";
import { MIGRATIONS, testStorage } from "./testing/test-database";
import type { TestStorage } from "./testing/test-database";
import { until } from "./testing/until";
import type { Ready } from "./start-server";

const WEB = join(import.meta.dirname, "../..");
const LINKS = ["http://169.254.169.254/latest/meta-data/", "https://evil.example/x", "file:///etc/passwd", "//evil.example", "evil.example", "203.0.113.9"];

/** A canary of the same form as the secret that it stands for. */
const canary = (name: string) => `Canary_${name}_`.padEnd(43, "x");

describe("a server that works", () => {
  let storage: TestStorage;
  let child: ChildProcess;
  let ready: Ready;
  let log = "";
  const outbound: string[] = [];
  const answers: string[] = [];
  const secrets: Record<string, string> = {};
  beforeAll(async () => {
    storage = await testStorage("embedded");
    const hook = join(import.meta.dirname, "testing/tell-connections.ts");
    child = fork(join(import.meta.dirname, "testing/server-process.ts"), [MIGRATIONS], {
      execArgv: ["--import", "tsx", "--import", pathToFileURL(hook).href], cwd: WEB, stdio: ["ignore", "pipe", "pipe", "ipc"],
      env: {
        NODE_ENV: "test", PATH: process.env.PATH, DATA_DIR: storage.dataDirectory, PORT: "0", LOG_LEVEL: "debug", VPCLAB_LOCAL_AGENT: "1",
        JOIN_TOKEN_FILE: join(storage.dataDirectory, "join-token"), OPERATORS_SECRET: canary("environment"),
      },
    });
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk: Buffer) => (log += chunk.toString()));
    ready = await new Promise((resolve, reject) => {
      child.on("message", (message: Ready & { outbound?: string }) => {
        if (message.event === "ready") resolve(message);
        if (message.outbound) outbound.push(message.outbound);
      });
      child.once("exit", () => reject(new Error(log)));
    });
    await use();
  });
  afterAll(() => {
    child.kill("SIGKILL");
    storage.remove();
  });

  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${ready.url}${path}`, { redirect: "manual", ...init });
    answers.push(`${JSON.stringify([...response.headers].filter(([name]) => name !== "set-cookie"))} ${await response.text()}`);
    return response;
  };
  const signIn = async (link: string) => (await ask(new URL(link).pathname + new URL(link).search)).headers.get("set-cookie")?.split(";")[0] ?? "";
  const secretOf = (link: string) => new URL(link).searchParams.get("token") ?? "";
  /** Makes a browser known by a password, chosen with a link's session. */
  const know = async (cookie: string) => {
    const headers = { cookie, origin: ready.url, "content-type": "application/json", "x-vpclab": "1" };
    const chosen = await ask("/api/trpc/account.changePassword", { method: "POST", headers, body: JSON.stringify({ current: null, password: "correct horse battery" }) });
    return chosen.headers.getSetCookie()[0]?.split(";")[0] ?? "";
  };
  const mint = () => new Promise<string>((resolve, reject) => {
    request({ socketPath: join(storage.dataDirectory, "run", "control.sock"), path: "/sign-in", method: "POST" }, (response) => {
      response.setEncoding("utf8").on("data", (text: string) => resolve((JSON.parse(text) as { url: string }).url));
    }).once("error", reject).end();
  });

  /** Everything that a server is for, with addresses where a user can put text, and what is refused. */
  async function use(): Promise<void> {
    const device = await know(await signIn(await mint()));
    const [first, second, unused] = [await mint(), await mint(), await mint()];
    const cookie = await signIn(first);
    const other = await signIn(second);
    const joinToken = readFileSync(join(storage.dataDirectory, "join-token"), "utf8").trim();
    const port = new URL(ready.url).port;
    Object.assign(secrets, {
      "device cookie": device.split("=")[1],
      "session token": cookie.split("=")[1], "session token of another browser": other.split("=")[1],
      "setup token": secretOf(ready.signIn), "used sign-in token": secretOf(first), "second used sign-in token": secretOf(second), "unused sign-in token": secretOf(unused),
      "join secret": joinToken.split(".").at(-1), "job key": readFileSync(join(storage.dataDirectory, "keys/job-key.pem"), "utf8").split("\n")[1],
      "secret of the environment": canary("environment"), "forged sign-in token": canary("sign-in"), "forged session": canary("session"), "bearer": canary("bearer"),
      "forged join secret": canary("join"),
    });
    await enrol(ready.url, joinToken);
    await postEnrol(ready.url, enrolRequest(`vpcj1.${"A".repeat(43)}.${"B".repeat(22)}.${canary("join")}`, newAgentKey()));
    await ask(`/signin?token=${canary("sign-in")}`);
    await ask("/", { headers: { cookie: `vpclab-${port}=${canary("session")}` } });
    await ask("/api/trpc/auth.me", { headers: { authorization: `Bearer ${canary("bearer")}` } });
    const headers = { cookie, origin: ready.url, "content-type": "application/json", "x-vpclab": "1" };
    const create = await ask("/api/trpc/topology.create", { method: "POST", headers, body: '{"name":"lab","template":"two-vpc-peered"}' });
    expect(create.status).toBe(200);
    const id = /"id":"([0-9a-f-]{36})"/.exec(answers.at(-1) ?? "")?.[1] ?? "";
    const procedures = Object.entries(callRouter._def.procedures as unknown as Record<string, { _def: { type: string } }>).filter(([path]) => path !== "topology.remove" && path !== "auth.signOut");
    for (const [path, { _def: { type } }] of procedures) {
      const bodies = [{ id }, ...LINKS.map((link) => ({ id, name: link, document: { url: link }, desired: link, clientId: link, template: "empty", source: { internet: true }, destination: { address: link }, kind: "http", port: 80 }))];
      for (const body of bodies) {
        const text = JSON.stringify(body);
        if (type === "query") await ask(`/api/trpc/${path}?input=${encodeURIComponent(text)}`, { headers });
        else await ask(`/api/trpc/${path}`, { method: "POST", headers: { ...headers, referer: "https://evil.example/" }, body: text });
      }
      if (type === "query") await ask(`/api/trpc/${path}`, { headers });
    }
  }

  const files = (folder: string): string[] => (existsSync(folder) ? readdirSync(folder, { recursive: true, withFileTypes: true }) : [])
    .filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const hits = (texts: readonly (string | Buffer)[]) => Object.entries(secrets).filter(([, secret]) => texts.some((text) => text.includes(secret))).map(([name]) => name);

  it("keeps fourteen secrets out of its database, log, answers and bundle", () => {
    expect(Object.values(secrets).filter((secret) => secret.length >= 32)).toHaveLength(14);
    expect(log.length).toBeGreaterThan(0);
    const database = files(join(storage.dataDirectory, "database"));
    expect(database.length).toBeGreaterThan(100);
    expect(hits(database.map((path) => readFileSync(path)))).toEqual([]);
    expect(hits([log])).toEqual([]);
    expect(answers.length).toBeGreaterThan(100);
    expect(hits(answers)).toEqual([]);
    expect(hits([...files(join(WEB, ".next/static")), ...files(join(WEB, "dist"))].map((path) => readFileSync(path)))).toEqual([]);
  });

  it("hands none of them to a process that it starts", () => {
    const parents = readdirSync("/proc").filter((name) => /^\d+$/.test(name)).map((pid) => [pid, parentOf(pid)] as const);
    const children = parents.filter(([, parent]) => parent === child.pid).map(([pid]) => pid);
    // The compiler that runs TypeScript sources in tests is no part of the server.
    const own = children.filter((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8").includes("embedded-database-process"));
    expect(own).toHaveLength(1);
    const texts = own.flatMap((pid) => ["cmdline", "environ"].map((name) => readFileSync(`/proc/${pid}/${name}`)));
    expect(hits([...texts, readFileSync(`/proc/${child.pid}/cmdline`)])).toEqual([]);
  });

  it("answers no stack, no query and no path of the machine", () => {
    for (const answer of answers) expect(answer).not.toMatch(/node_modules|\bat \S+ \(|prisma|SELECT |INSERT |\.ts:\d|\/(?:home|tmp|root|work|var)\//);
  });

  it("opens no connection because of what a user says, and looks no name up", async () => {
    expect(outbound).toEqual([]);
    child.send("prove that it is seen");
    await until(() => outbound.length >= 3);
    expect(outbound.map((line) => line.split(" ")[0]).sort()).toEqual(expect.arrayContaining(["connect", "lookup", "send"]));
  });
});

function parentOf(pid: string): number | null {
  try {
    return Number(/^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]);
  } catch {
    return null;
  }
}
