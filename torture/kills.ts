import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateSigningKey } from "../apps/agent/src/link/ed25519";
import { fingerprint, fingerprintDifferences } from "../prove/fingerprint";
import { makeForeignThings } from "../prove/foreign";
import { Random } from "../prove/random";
import { killAgents } from "./agent-kills";
import { tortureDocuments } from "./documents";
import { EngineTorture } from "./engine-torture";
import { chooseKillPoints } from "./kill-points";
import type { TortureOptions } from "./options";
import { bundlePrograms } from "./programs";

export interface KillsEnd {
  readonly kills: number;
  readonly converged: number;
  readonly leaks: readonly string[];
}

/** Engines and agents killed at their side effects, on the real kernel of this namespace. */
export async function tryKills(options: TortureOptions, say: (line: string) => void): Promise<KillsEnd> {
  const random = new Random(options.seed);
  makeForeignThings();
  const folder = mkdtempSync("/run/torture-");
  const documents = tortureDocuments(random);
  writeFileSync(join(folder, "first.json"), JSON.stringify(documents.first));
  writeFileSync(join(folder, "second.json"), JSON.stringify(documents.second));
  const program = await bundlePrograms(folder);
  const look = (inside = () => false) => fingerprint({ inside, folders: ["/run"], without: (file) => file.startsWith(folder) });
  const everything = () => look(() => true);
  const before = everything();

  const torture = await EngineTorture.open({ folder, program, key: generateSigningKey(), documents, look: () => look() });
  const effects = await torture.count();
  say(`seed ${options.seed}, side effects: ${Object.entries(effects).map(([scenario, count]) => `${scenario} ${count}`).join(", ")}`);
  let kills = 0;
  let converged = 0;
  const leaks: string[] = [];
  for (const point of chooseKillPoints(effects, options.kills, random)) {
    const end = await torture.kill(point);
    if (end.killed) kills += 1;
    if (end.killed && end.stuck === null) converged += 1;
    const name = `${point.scenario}, ${point.moment} effect ${point.at}${point.again === null ? "" : `, and again at ${point.again}`}`;
    if (end.stuck !== null) say(`killed in ${name}: did not converge: ${end.stuck}`);
    for (const leak of end.leaks) say(`killed in ${name}: ${leak}`);
    leaks.push(...end.leaks);
  }
  const agents = await killAgents(options.agentKills, documents, random, () => look());
  leaks.push(...fingerprintDifferences(before, everything()).map((leak) => `in the end: ${leak}`));
  kills += agents.kills;
  converged += agents.converged;
  for (const problem of [...agents.problems, ...agents.leaks]) say(`agent: ${problem}`);
  leaks.push(...agents.leaks);
  rmSync(folder, { recursive: true, force: true });
  return { kills, converged, leaks };
}
