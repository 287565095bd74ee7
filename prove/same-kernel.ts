import type { SeenKernel, SeenNamespace } from "@vpclab/shared/plan/kernel-state";

/** Differences between two observations, one line each; empty when they are the same. Order counts only where the kernel minds it. */
export function kernelDifferences(changed: SeenKernel, fresh: SeenKernel): string[] {
  const names = [...new Set([...Object.keys(changed), ...Object.keys(fresh)])].sort();
  return names.flatMap((name) => {
    const [one, other] = [changed[name], fresh[name]];
    if (!one) return [`${name}: missing after the edits`];
    if (!other) return [`${name}: left over from before the edits`];
    return differences(name, comparable(one), comparable(other));
  });
}

function comparable(seen: SeenNamespace): unknown {
  return {
    ...seen,
    links: byText(seen.links.map((link) => ({ ...link, addresses: byText(link.addresses) }))),
    routes: byText(seen.routes), rules: byText(seen.rules), foreignTables: byText(seen.foreignTables),
    workloads: byText(seen.workloads.map((workload) => ({ ...workload, pid: 0 }))),
    nft: seen.nft && {
      ...seen.nft,
      counters: byText(seen.nft.counters),
      sets: byText(seen.nft.sets.map((set) => ({ ...set, elements: byText(set.elements) }))),
      // Rules keep their order; chains have none.
      chains: byText(seen.nft.chains),
    },
  };
}

const byText = <T>(items: readonly T[]): T[] =>
  items.map((item) => ({ item, text: JSON.stringify(item) })).sort((a, b) => (a.text < b.text ? -1 : 1)).map(({ item }) => item);

function differences(path: string, one: unknown, other: unknown): string[] {
  if (JSON.stringify(one) === JSON.stringify(other)) return [];
  if (Array.isArray(one) && Array.isArray(other)) return listDifferences(path, one, other);
  if (!isRecord(one) || !isRecord(other)) return [`${path}: ${JSON.stringify(one)} after the edits, ${JSON.stringify(other)} afresh`];
  return [...new Set([...Object.keys(one), ...Object.keys(other)])].flatMap((key) => differences(`${path}.${key}`, one[key], other[key]));
}

function listDifferences(path: string, one: readonly unknown[], other: readonly unknown[]): string[] {
  const texts = { one: new Set(one.map((item) => JSON.stringify(item))), other: new Set(other.map((item) => JSON.stringify(item))) };
  const found = [
    ...[...texts.one].filter((text) => !texts.other.has(text)).map((text) => `${path}: only after the edits: ${text}`),
    ...[...texts.other].filter((text) => !texts.one.has(text)).map((text) => `${path}: only afresh: ${text}`),
  ];
  return found.length > 0 ? found : [`${path}: in another order, or another number of times`];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);
