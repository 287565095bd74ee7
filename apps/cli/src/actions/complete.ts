import { existsSync } from "node:fs";
import type { ObjectKind } from "@vpclab/shared/topology/topology";
import { chooseLab } from "../choose-lab";
import type { Action } from "../command-spec";
import { completeWords } from "../complete-words";
import type { GlobalOptions } from "../global-options";
import type { Lab } from "../lab/lab";
import type { Session } from "../session";

/** Nobody waits longer for a completion. */
const NAMES_TIMEOUT_MS = 3_000;

/**
 * Words for the shell to choose from, a line each, with a tab and a few words about it. `words`: the command line behind the
 * program's name up to the cursor. Silent, whatever goes wrong.
 */
export const complete: Action = async (session, given) => {
  const words = given.rest(0);
  const { words: found, wants } = completeWords(session.outline(), words);
  const typed = words.at(-1) ?? "";
  const names = wants === null ? [] : await namesOf(wants, session, words).catch(() => []);
  for (const { word, summary } of [...found, ...names.map((word) => ({ word, summary: "" }))]) {
    if (word.startsWith(typed)) session.out.raw(summary === "" ? word : `${word}\t${summary}`);
  }
};

const ALL: readonly ObjectKind[] = ["vpc", "subnet", "instance", "internet-gateway", "nat-gateway", "elastic-ip", "route-table", "security-group", "network-acl", "peering"];

/** What is asked for by the name of an argument or of an option's value. */
const KINDS: Readonly<Record<string, readonly ObjectKind[]>> = {
  vpc: ["vpc"], vpc1: ["vpc"], vpc2: ["vpc"], peer: ["peering", "vpc"], peering: ["peering"],
  subnet: ["subnet"], instance: ["instance"], instances: ["instance"], from: ["instance"], to: ["instance"], words: ["instance"],
  nat: ["nat-gateway"], igw: ["internet-gateway"], eip: ["elastic-ip"], table: ["route-table"], "route-table": ["route-table"],
  group: ["security-group"], sg: ["security-group"], nacl: ["network-acl"], acl: ["network-acl"], object: ALL,
};

async function namesOf(wants: string, session: Session, words: readonly string[]): Promise<string[]> {
  const kinds = KINDS[wants.toLowerCase()];
  if (kinds === undefined && wants !== "name" && wants !== "topology") return [];
  const options = { ...session.options, ...typedOptions(words) };
  // Whoever only presses a key must not be the one who makes an agent here.
  if (options.place?.kind === "local" && !existsSync(options.stateDir)) return [];
  const timer = setTimeout(() => process.exit(0), NAMES_TIMEOUT_MS);
  const lab = await chooseLab({ options, env: session.env, waitMs: 0 });
  try {
    if (wants === "topology") return (await lab.list()).map(({ name }) => name);
    return [...(wants === "from" || wants === "to" ? ["internet"] : []), ...(await objectNames(lab, options.topology, kinds ?? []))];
  } finally {
    await lab.close();
    clearTimeout(timer);
  }
}

async function objectNames(lab: Lab, topology: string, kinds: readonly ObjectKind[]): Promise<string[]> {
  const { namesOfObjects } = await import("@vpclab/shared/topology/object-names");
  const { document } = await lab.read(topology);
  return namesOfObjects(document).filter(({ kind }) => kinds.includes(kind)).map(({ path }) => path);
}

/** Where to look, as typed so far. */
function typedOptions(words: readonly string[]): Partial<GlobalOptions> {
  const after = (...flags: string[]): string | null => words[words.findIndex((word) => flags.includes(word)) + 1 || words.length] ?? null;
  const [server, topology, state] = [after("--server"), after("-t", "--topology"), after("--state")];
  return {
    ...(words.includes("--local") ? { place: { kind: "local" } as const } : server === null ? {} : { place: { kind: "server", url: server } as const }),
    ...(topology === null ? {} : { topology }),
    ...(state === null ? {} : { stateDir: state }),
  };
}
