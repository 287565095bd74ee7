import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { median } from "./result";

const PEER = ["--import", "tsx", join(import.meta.dirname, "traffic-peer.ts")];
const inside = (namespace: string, ...args: string[]): string[] => ["netns", "exec", namespace, process.execPath, ...PEER, ...args];

/** Two namespaces that can reach each other. */
export interface Path {
  readonly from: string;
  readonly to: string;
  readonly address: string;
}

/** Bytes per second, connections per second, microseconds per round trip. */
export interface Traffic {
  readonly bytesPerSecond: number;
  readonly connectionsPerSecond: number;
  readonly roundTripUs: number;
}

const PORT = 5001;
const SECONDS = 1;
const ROUNDS = 5;

/** Measures several ways in turns, so that what else the machine does falls on all of them alike; medians of the rounds. */
export async function measureTraffic(paths: readonly Path[]): Promise<Traffic[]> {
  const receivers = await Promise.all(paths.map((path) => startReceiver(path.to)));
  try {
    const rounds = Array.from({ length: ROUNDS }, () => paths.map((path): Traffic => ({
      bytesPerSecond: measure(path, "send"),
      connectionsPerSecond: measure(path, "connect"),
      roundTripUs: measure(path, "ping-pong"),
    })));
    return paths.map((_, index) => {
      const of = (pick: (traffic: Traffic) => number) => median(rounds.flatMap((round) => round[index] ?? []).map(pick));
      return {
        bytesPerSecond: of((traffic) => traffic.bytesPerSecond),
        connectionsPerSecond: of((traffic) => traffic.connectionsPerSecond),
        roundTripUs: of((traffic) => traffic.roundTripUs),
      };
    });
  } finally {
    for (const receiver of receivers) receiver.kill("SIGKILL");
  }
}

async function startReceiver(namespace: string): Promise<ChildProcess> {
  const child = spawn("ip", inside(namespace, "receive", String(PORT)), { stdio: ["ignore", "pipe", "inherit"] });
  if (!child.stdout) throw new Error("the receiver has no output");
  await once(child.stdout, "data");
  return child;
}

function measure(path: Path, what: "send" | "connect" | "ping-pong"): number {
  const { status, stdout, stderr } = spawnSync("ip", inside(path.from, what, path.address, String(PORT), String(SECONDS)), { encoding: "utf8" });
  const value = Number(stdout);
  if (status !== 0 || !Number.isFinite(value)) throw new Error(`${what} from ${path.from} to ${path.address} failed: ${stderr}`);
  return value;
}
