import { execFile } from "node:child_process";
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { Client } from "pg";

const run = promisify(execFile);
const VERSIONS = "/usr/lib/postgresql";

export interface PostgresCluster {
  /** URL of a database in the cluster. */
  url(database: string): string;
  close(): Promise<void>;
}

/**
 * A PostgreSQL server of its own in a temporary directory, on a unix socket only. Null where PostgreSQL is not installed;
 * under CI that is an error, because a test that cannot run must not look like one that passed.
 */
export async function startPostgresCluster(): Promise<PostgresCluster | null> {
  const binaries = findBinaries();
  if (!binaries) {
    if (process.env.CI === "true") throw new Error(`No PostgreSQL in ${VERSIONS}: install the package postgresql.`);
    return null;
  }
  const directory = mkdtempSync(join(tmpdir(), "vpclab-pg-"));
  const data = join(directory, "data");
  if (process.getuid?.() === 0) chownSync(directory, await idOf("-u"), await idOf("-g"));
  const as = (program: string, args: string[]) => asPostgres(join(binaries, program), args);
  await as("initdb", ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"]);
  await as("pg_ctl", ["-D", data, "-w", "-l", join(directory, "log"), "-o", `-c listen_addresses='' -c unix_socket_directories=${directory} -c fsync=off`, "start"]);
  return {
    url: (database) => `postgresql://postgres@localhost/${database}?host=${encodeURIComponent(directory)}`,
    close: async () => {
      await as("pg_ctl", ["-D", data, "-w", "-m", "immediate", "stop"]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** An empty database of its own for one test. */
export async function createDatabase(cluster: Pick<PostgresCluster, "url">): Promise<string> {
  const name = `t${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  const client = new Client(cluster.url("postgres"));
  await client.connect();
  await client.query(`CREATE DATABASE "${name}"`);
  await client.end();
  return cluster.url(name);
}

function findBinaries(): string | null {
  if (!existsSync(VERSIONS)) return null;
  const [newest] = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  const folder = join(VERSIONS, newest ?? "", "bin");
  return existsSync(join(folder, "initdb")) ? folder : null;
}

const idOf = async (flag: "-u" | "-g"): Promise<number> => Number((await run("id", [flag, "postgres"])).stdout);

/** PostgreSQL refuses to run as root. */
async function asPostgres(program: string, args: string[]): Promise<void> {
  const options = { cwd: tmpdir() };
  if (userInfo().uid === 0) await run("runuser", ["-u", "postgres", "--", program, ...args], options);
  else await run(program, args, options);
}
