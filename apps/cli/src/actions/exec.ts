import { existsSync } from "node:fs";
import { AppError } from "@vpclab/shared/errors/app-error";
import type { Topology } from "@vpclab/shared/topology/topology";
import { namespaceOf } from "../lab/namespace-of";
import { findAnyByName } from "@vpclab/shared/topology/find-by-name";
import type { Action } from "../command-spec";
import type { Given } from "../given";
import { orThrow } from "../lab/named-object";
import { shellWord } from "../output/shell-word";
import { runInside } from "../run-inside";
import { UsageError } from "../usage-error";

/** Runs a program inside an instance, with this terminal; its exit code is ours. */
export const exec: Action = async (session, given) => {
  const typed = targetAndCommand(given);
  const lab = await session.lab();
  const { document, name } = await lab.read(session.topology);
  const { target, command } = subnetByPosition(document, typed) ?? typed;
  const { object } = orThrow(findAnyByName(document, ["instance", "nat-gateway", "vpc"], target));
  const netns = namespaceOf(document, name, object.id);
  if (session.options.dryRun) {
    session.out.value({ dryRun: true, netns, command });
    session.out.line(["ip", "netns", "exec", netns, ...command].map(shellWord).join(" "));
    return;
  }
  checkPlace(lab.place, netns);
  // An agent in this process would hold its lock for as long as the program runs.
  await lab.close();
  return runInside(netns, command);
};

interface Target {
  readonly target: string;
  readonly command: readonly string[];
  /** The words behind `--` are the program. */
  readonly isSeparate?: boolean;
}

/** `exec web -- ls -l`, `exec web ls -l`, `exec --vpc prod --subnet public ls -l`. */
export function targetAndCommand(given: Given): Target {
  const words = given.rest(0);
  const [vpc, subnet] = [given.option("vpc"), given.option("subnet")];
  const place = subnet === null ? null : subnet.includes("/") || vpc === null ? subnet : `${vpc}/${subnet}`;
  if (vpc !== null && subnet === null) throw new UsageError("--vpc needs --subnet beside it");
  const target = place ?? words[0];
  if (target === undefined) throw new UsageError("which instance? vpcctl exec <instance> -- <command>");
  const rest = place === null ? words.slice(1) : words;
  const command = rest[0] === "--" ? rest.slice(1) : rest;
  if (command.length === 0) throw new UsageError(`which command? vpcctl exec ${target} -- <command>`);
  return place === null ? { target, command, ...(rest[0] === "--" ? { isSeparate: true } : {}) } : { target, command: shellLine(command) };
}

/**
 * `exec prod public "ip route | wc -l"` of the older tools: VPC, subnet, and a line for a shell where it is one word with blanks. null
 * where the words say something else; behind `--` stands a program in any case.
 */
export function subnetByPosition(doc: Topology, { target, command: [subnet, ...rest], isSeparate }: Target): Target | null {
  if (isSeparate) return null;
  const vpc = doc.vpcs.find(({ name }) => name === target);
  if (!vpc || subnet === undefined || !doc.subnets.some(({ vpcId, name }) => vpcId === vpc.id && name === subnet)) return null;
  const command = rest[0] === "--" ? rest.slice(1) : rest;
  if (command.length === 0) throw new UsageError(`which command? vpcctl exec ${target} ${subnet} <command>`);
  return { target: `${target}/${subnet}`, command: shellLine(command) };
}

const shellLine = (command: readonly string[]): readonly string[] => (command.length === 1 && /\s/.test(command[0] ?? "") ? ["sh", "-c", ...command] : command);

function checkPlace(place: { readonly sameMachine: boolean; readonly label: string; readonly mode: string | null }, netns: string): void {
  if (!place.sameMachine) throw new AppError("PRIVILEGE", `The instances are on another machine (${place.label}); log in there and run vpcctl exec.`);
  if (process.geteuid?.() !== 0) throw new AppError("PRIVILEGE", "Entering a network namespace needs root: sudo vpcctl exec …");
  if (!existsSync(`/run/netns/${netns}`)) {
    const why = place.mode === "rootless" ? "the sandbox has namespaces of its own, which only its agent can enter" : "apply the topology first";
    throw new AppError("NOT_APPLIED", `There is no network namespace ${netns} here: ${why}.`);
  }
}
