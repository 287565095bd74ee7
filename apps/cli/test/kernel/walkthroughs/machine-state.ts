import { existsSync, readdirSync, readFileSync, readlinkSync } from "node:fs";
import { run } from "../vpcctl";

/** Everything that the older tools left behind after a clean-up, for comparing before and after. */
export async function machineState(): Promise<Record<string, unknown>> {
  const out = async (file: string, ...args: string[]) => (await run(file, args)).stdout;
  return {
    namespaces: existsSync("/run/netns") ? readdirSync("/run/netns").sort() : [],
    links: await out("ip", "-br", "address"),
    routes: await out("ip", "route", "show", "table", "all"),
    rules: await out("ip", "rule"),
    ruleset: await out("nft", "list", "ruleset"),
    resolvers: existsSync("/etc/netns") ? readdirSync("/etc/netns", { recursive: true }).map(String).sort() : [],
    forwarding: readFileSync("/proc/sys/net/ipv4/ip_forward", "utf8").trim(),
    elsewhere: processesElsewhere(),
  };
}

/** Command lines of processes that live in another network namespace than this one: servers whose network should be gone. */
function processesElsewhere(): string[] {
  const own = readlinkSync("/proc/self/ns/net");
  return readdirSync("/proc").filter((entry) => /^\d+$/.test(entry)).flatMap((pid) => {
    try {
      return readlinkSync(`/proc/${pid}/ns/net`) === own ? [] : [readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ")];
    } catch {
      return [];
    }
  }).sort();
}
