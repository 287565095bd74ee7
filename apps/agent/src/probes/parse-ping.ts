/** What iputils ping said. `roundTripMs` is the average; `unreachable` quotes a router that answered "no". */
export interface PingResult {
  readonly sent: number;
  readonly received: number;
  readonly roundTripMs: number | null;
  readonly unreachable: string | null;
  /** ping could not send at all, in its own words. */
  readonly problem: string | null;
}

/** Reads the output of `ping -n`. `source` is the sender's own address: an "unreachable" from there is no answer, but its absence. */
export function parsePing(stdout: string, stderr: string, source: string): PingResult {
  const [, sent, received] = /(\d+) packets transmitted, (\d+) received/.exec(stdout) ?? [];
  const [, average] = /= [\d.]+\/([\d.]+)\/[\d.]+\/[\d.]+ ms/.exec(stdout) ?? [];
  const refusals = [...stdout.matchAll(/^From (\S+?):? icmp_seq=\d+ (.+)$/gm)].filter(([, from]) => from !== source);
  const problem = /^ping: (.+)$/m.exec(stderr)?.[1] ?? null;
  return {
    sent: Number(sent ?? 0),
    received: Number(received ?? 0),
    roundTripMs: average === undefined ? null : Number(average),
    unreachable: refusals[0]?.[2] === undefined ? null : `${refusals[0][1]} says ${refusals[0][2]}`,
    problem: sent === undefined ? (problem ?? "ping said nothing") : null,
  };
}
