import { existsSync, readdirSync } from "node:fs";
import { parseMark } from "@vpclab/shared/plan/mark";
import { readIp } from "../run-inside";

const NETNS_DIR = "/run/netns";
/** Started at a time: each is a short-lived process. */
const PARALLEL = 8;

/** Names of this machine's network namespaces whose `lo` carries vpclab's mark; empty without root. */
export async function markedNamespaces(): Promise<string[]> {
  const names = existsSync(NETNS_DIR) ? readdirSync(NETNS_DIR).sort() : [];
  const marked: string[] = [];
  let next = 0;
  const look = async (): Promise<void> => {
    for (let name = names[next++]; name !== undefined; name = names[next++]) if (await isMarked(name)) marked.push(name);
  };
  await Promise.all(Array.from({ length: PARALLEL }, look));
  return marked.sort();
}

async function isMarked(netns: string): Promise<boolean> {
  const links = await readIp(["-n", netns, "link", "show", "dev", "lo"]);
  const [lo] = Array.isArray(links) ? (links as { ifalias?: unknown }[]) : [];
  return typeof lo?.ifalias === "string" && parseMark(lo.ifalias) !== null;
}
