import { existsSync, readdirSync } from "node:fs";
import { parseMark } from "@vpclab/shared/plan/mark";
import { readIp } from "../run-inside";

const NETNS_DIR = "/run/netns";
/** Started at a time: each is a short-lived process. */
const PARALLEL = 8;

export interface MarkedNamespace {
  readonly name: string;
  /** Whose mark it is. */
  readonly agentId: string;
}

/** This machine's network namespaces whose `lo` carries vpclab's mark, by name; empty without root. */
export async function markedNamespaces(): Promise<MarkedNamespace[]> {
  const names = existsSync(NETNS_DIR) ? readdirSync(NETNS_DIR).sort() : [];
  const agents = new Map<string, string>();
  let next = 0;
  const look = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) {
      const agentId = await agentOf(name);
      if (agentId !== null) agents.set(name, agentId);
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, look));
  return names.flatMap((name) => {
    const agentId = agents.get(name);
    return agentId === undefined ? [] : [{ name, agentId }];
  });
}

async function agentOf(netns: string): Promise<string | null> {
  const links = await readIp(["-n", netns, "link", "show", "dev", "lo"]);
  const [lo] = Array.isArray(links) ? (links as { ifalias?: unknown }[]) : [];
  return typeof lo?.ifalias === "string" ? (parseMark(lo.ifalias)?.agentId ?? null) : null;
}
