import type { Topology } from "@vpclab/shared/topology/topology";
import type { Random } from "../prove/random";
import { bombFor, EXTREME_NAMES, EXTREME_TEXTS, hostileValue } from "./bombs";

type Container = Record<string, unknown> | unknown[];
interface Leaf {
  readonly holder: Container;
  readonly key: string;
}

const isContainer = (value: unknown): value is Container => typeof value === "object" && value !== null;
const get = ({ holder, key }: Leaf): unknown => (holder as Record<string, unknown>)[key];
/** A copy of the value: a list of examples that is mutated itself could come to stand in itself. */
const set = ({ holder, key }: Leaf, value: unknown): void => void ((holder as Record<string, unknown>)[key] = structuredClone(value));

/** Every place of a document that holds something. */
function leavesOf(root: Container): Leaf[] {
  const leaves: Leaf[] = [];
  const walk = (holder: Container): void => {
    for (const key of Object.keys(holder)) {
      leaves.push({ holder, key });
      const value = (holder as Record<string, unknown>)[key];
      if (isContainer(value)) walk(value);
    }
  };
  walk(root);
  return leaves;
}

/** A document with some fields that want to be something else. */
export function withBombs(document: unknown, count: number, random: Random): unknown {
  const copy = structuredClone(document) as Container;
  for (let n = 0; n < count; n += 1) {
    const leaf = random.pick(leavesOf(copy));
    const { holder, key } = leaf;
    switch (random.below(12)) {
      case 0: if (!Array.isArray(holder)) delete holder[key]; break;
      case 1: if (!Array.isArray(holder)) holder[random.pick(["command", "shell", "exec", "file", "hook", "nft", "constructor_", "argv", `${key}2`])] = structuredClone(hostileValue(random)); break;
      case 2: if (Array.isArray(holder)) holder.push(structuredClone(holder[0])); break;
      default: set(leaf, bombFor(get(leaf), random));
    }
  }
  return copy;
}

const sortOf = (value: unknown): string => {
  if (typeof value !== "string") return typeof value;
  if (/^[0-9.]+\/[0-9]+$/.test(value)) return "prefix";
  if (/^[0-9.]+$/.test(value)) return "address";
  return /^([a-z]+)-[0-9a-f]{8,}$/.exec(value)?.[1] ?? "text";
};

/** Fields change places with others of their sort: everything is well formed, and little of it is true. */
export function contradicting(document: Topology, count: number, random: Random): unknown {
  const copy = structuredClone(document) as unknown as Container;
  for (let n = 0; n < count; n += 1) {
    const leaves = leavesOf(copy).filter((leaf) => !isContainer(get(leaf)) && get(leaf) !== null);
    const one = random.pick(leaves);
    const other = random.pick(leaves.filter((leaf) => sortOf(get(leaf)) === sortOf(get(one))));
    const value = get(one);
    set(one, get(other));
    set(other, value);
  }
  return copy;
}

/** Everything in it is allowed: names that mean something to other programs, texts that would be commands anywhere else. */
export function inconvenient(document: Topology, random: Random): Topology {
  const copy = structuredClone(document);
  for (const name of ["vpcs", "subnets", "instances", "securityGroups", "routeTables", "peerings"] as const) {
    for (const object of copy[name]) if (random.chance(0.5)) object.name = random.pick(EXTREME_NAMES);
  }
  for (const group of copy.securityGroups) {
    group.description = random.pick(EXTREME_TEXTS);
    for (const rule of group.rules) rule.description = random.pick(EXTREME_TEXTS);
  }
  for (const { firewall } of copy.subnets) for (const rule of firewall?.rules ?? []) rule.description = random.pick(EXTREME_TEXTS);
  return copy;
}

/** As good as any other, on addresses or with features that no policy of a host lets through. */
export function againstPolicy(document: Topology, random: Random): Topology {
  const elsewhere = random.pick(["11", "8", "52", "193"]);
  return JSON.parse(JSON.stringify(document).replace(/"(?:10|172|192)\.([0-9]+\.[0-9]+\.[0-9]+(?:\/[0-9]+)?)"/g, `"${elsewhere}.$1"`)) as Topology;
}
