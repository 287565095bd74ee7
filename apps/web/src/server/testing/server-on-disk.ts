import { execFileSync, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inject } from "vitest";
import { mintSignIn } from "../mint-sign-in";
import { controlSocketPath } from "../start-server";
import type { Ready } from "../start-server";
import { MIGRATIONS } from "./test-database";
import { clientFor } from "./test-server";

const isRoot = process.getuid?.() === 0;
/** By its path: nsenter begins in the root directory. */
const TSX = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
const FULL = "full";
const SERVER = join(import.meta.dirname, "server-process.ts");

/** The server as a process whose data directory is a file system of its own, in a mount namespace of its own: it can be full or read-only. */
export class ServerOnDisk {
  #server: ChildProcess | null = null;

  private constructor(private readonly anchor: ChildProcess, private readonly directory: string) {}

  /** A disk of so many MiB; `empty`: without an embedded database that was never used. */
  static async make(sizeMiB: number, { empty = false } = {}): Promise<ServerOnDisk> {
    const directory = mkdtempSync(join(tmpdir(), "vpclab-disk-"));
    const mount = `mount -t tmpfs -o size=${sizeMiB}m,mode=0700 tmpfs "$1" && echo ready && exec cat`;
    const anchor = spawn("unshare", [...(isRoot ? [] : ["-U", "-r"]), "-m", "sh", "-c", mount, "sh", directory], { stdio: ["pipe", "pipe", "inherit"] });
    await once(anchor.stdout, "data");
    const disk = new ServerOnDisk(anchor, directory);
    if (!empty) cpSync(join(inject("embeddedTemplate"), "database"), join(disk.path, "database"), { recursive: true });
    return disk;
  }

  /** The directory as it is seen from outside. */
  get path(): string {
    return `/proc/${this.anchor.pid}/root${this.directory}`;
  }

  /** Resolves when the server is ready; rejects with what it has said when it ends instead. */
  async start(): Promise<Ready> {
    const server = spawn("nsenter", [...this.#inside, process.execPath, "--import", TSX, SERVER, MIGRATIONS], {
      stdio: ["ignore", "ignore", "pipe", "ipc"],
      env: { NODE_ENV: "test", PATH: process.env.PATH, DATA_DIR: this.directory, PORT: "0", VPCLAB_LOCAL_AGENT: "1", PUBLIC_URL: "" },
    });
    this.#server = server;
    let said = "";
    server.stderr?.on("data", (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(server, "close").then(() => Promise.reject(new Error(said)));
    ended.catch(() => undefined);
    return Promise.race([once(server, "message").then(([ready]) => ready as Ready), ended]);
  }

  get #running(): boolean {
    return this.#server !== null && this.#server.exitCode === null && this.#server.signalCode === null;
  }

  async signIn({ url }: Ready): Promise<ReturnType<typeof clientFor>> {
    const response = await fetch(await mintSignIn(controlSocketPath(this.path)), { redirect: "manual" });
    return clientFor(url, { cookie: response.headers.get("set-cookie")?.split(";")[0] ?? "", origin: url });
  }

  async kill(signal: NodeJS.Signals = "SIGKILL"): Promise<void> {
    if (!this.#server || !this.#running) return;
    const ended = once(this.#server, "exit");
    this.#server.kill(signal);
    await ended;
  }

  /** Every file beside the database, but for the one that takes the room. */
  files(): string[] {
    const all = readdirSync(this.path, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return all.map(({ parentPath, name }) => join(parentPath, name).slice(this.path.length + 1)).filter((file) => !file.startsWith("database/") && file !== FULL).sort();
  }

  /** Takes all room but for so many pages. */
  fill(pagesLeft = 0): void {
    const { bfree, bsize } = statfsSync(this.path);
    writeFileSync(join(this.path, FULL), Buffer.alloc(Math.max(0, bfree - pagesLeft) * bsize));
  }

  makeRoom(): void {
    rmSync(join(this.path, FULL), { force: true });
  }

  remount(mode: "ro" | "rw"): void {
    execFileSync("nsenter", [...this.#inside, "mount", "-o", `remount,${mode}`, this.directory]);
  }

  async remove(): Promise<void> {
    await this.kill();
    const ended = once(this.anchor, "exit");
    this.anchor.stdin?.end();
    await ended;
    rmSync(this.directory, { recursive: true });
  }

  get #inside(): string[] {
    return ["-t", `${this.anchor.pid}`, ...(isRoot ? [] : ["-U", "--preserve-credentials"]), "-m"];
  }
}
