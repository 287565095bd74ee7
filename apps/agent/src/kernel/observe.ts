import { kindOfId } from "@vpclab/shared/topology/ids";
import type { SeenKernel, SeenNamespace, SeenNftTable } from "@vpclab/shared/plan/kernel-state";
import { HOST_NAMESPACE } from "@vpclab/shared/plan/kernel-state";
import { parseMark } from "@vpclab/shared/plan/mark";
import { INSTANCE_SYSCTLS, ROUTER_SYSCTLS } from "@vpclab/shared/plan/sysctls";
import { CommandError, reasonFrom } from "../host/command-error";
import type { KernelOptions } from "./kernel-options";
import { parseLinks } from "./parse-links";
import { parseNft } from "./parse-nft";
import { parseRoutes } from "./parse-routes";
import { parseRules } from "./parse-rules";
import { parseSysctls, splitSysctlOutput } from "./parse-sysctls";
import { inodeOf, netnsNameOf } from "./place";
import { pingGroupRange } from "./ping-group-range";
import type { Visit } from "./visit-namespaces";
import { visitNamespaces } from "./visit-namespaces";

/** Exists in every namespace, so it marks where the next namespace's output begins. */
const FIRST_SYSCTL = "net.ipv4.ip_forward";
const SYSCTLS = [...new Set([FIRST_SYSCTL, ...Object.keys(ROUTER_SYSCTLS), ...Object.keys(INSTANCE_SYSCTLS)])];
const QUERY = "addr show\nroute show table all\nrule show\n";
const QUERY_LINES = 3;

interface KeyedVisit extends Visit {
  readonly key: string;
}

/** What `ip` says of a namespace. */
type Network = Pick<SeenNamespace, "mark" | "loopbackUp" | "links" | "routes" | "rules">;

/** Reads namespaces with three processes' worth of questions each; never writes. Those that do not exist are left out. */
export async function observe(options: KernelOptions, keys: readonly string[]): Promise<SeenKernel> {
  const inodes = new Map<string, number>();
  for (const key of keys) {
    const inode = inodeOf(key, options.hostNetns);
    if (inode !== null) inodes.set(key, inode);
  }
  const existing = [...inodes.keys()];
  const [networks, sysctls] = await Promise.all([
    readNetworks(options, existing),
    readSysctls(options, existing.filter((key) => key !== HOST_NAMESPACE).map((key) => ({ key, names: SYSCTLS }))),
  ]);
  const host = networks.get(HOST_NAMESPACE);
  const [hostSysctls, tables] = await Promise.all([
    host ? readSysctls(options, [{ key: HOST_NAMESPACE, names: hostSysctlNames(options, host) }]) : new Map<string, Record<string, string>>(),
    readTables(options, existing.filter((key) => mayHaveTable(networks.get(key)))),
  ]);
  const workloads = options.workloads.find(new Set(inodes.values()));
  return Object.fromEntries([...networks].map(([key, network]): [string, SeenNamespace] => [key, {
    name: key,
    ...network,
    sysctls: (key === HOST_NAMESPACE ? hostSysctls : sysctls).get(key) ?? {},
    nft: tables.get(key) ?? null,
    workloads: key === HOST_NAMESPACE ? [] : (workloads.get(inodes.get(key) ?? 0) ?? []),
  }]));
}

async function readNetworks(options: KernelOptions, keys: readonly string[]): Promise<Map<string, Network>> {
  const query = options.scratch.write(QUERY);
  try {
    const answers = await ask(options, keys, ["ip", "-N", "-d", "-j", "-batch", query], (stdout) => {
      const lines = stdout.split("\n").filter((line) => line !== "");
      return Array.from({ length: Math.ceil(lines.length / QUERY_LINES) }, (_, index) =>
        lines.slice(index * QUERY_LINES, (index + 1) * QUERY_LINES));
    });
    return new Map([...answers].map(([key, [addresses, routes, rules]]): [string, Network] => {
      const links = parseLinks(JSON.parse(addresses ?? ""));
      if (key !== HOST_NAMESPACE) {
        return [key, { ...links, routes: parseRoutes(JSON.parse(routes ?? "")), rules: parseRules(JSON.parse(rules ?? "")) }];
      }
      const ours = links.links.filter((link) => parseMark(link.alias) !== null);
      return [key, { mark: "", loopbackUp: links.loopbackUp, links: ours, routes: [], rules: [] }];
    }));
  } finally {
    options.scratch.remove(query);
  }
}

async function readSysctls(
  options: KernelOptions, questions: readonly { key: string; names: readonly string[] }[],
): Promise<Map<string, Record<string, string>>> {
  const { fromKernel } = pingGroupRange(options.idMaps);
  const visits = questions.map(({ key, names }): KeyedVisit & { names: readonly string[] } => ({
    // -e: a key of a link that has just gone is no error.
    key, names, namespace: netnsNameOf(key, options.hostNetns), argv: ["sysctl", "-e", FIRST_SYSCTL, ...names.filter((name) => name !== FIRST_SYSCTL)],
  }));
  const report = await visitNamespaces(options.runner, visits);
  return new Map(report.runs.flatMap((run) => {
    const parts = splitSysctlOutput(run.stdout, FIRST_SYSCTL);
    return run.visits.map((visit, index): [string, Record<string, string>] =>
      [visit.key, fromKernel(parseSysctls(parts[index] ?? "", visit.names))]);
  }));
}

/** Forwarding of the uplink and of our own links: the only settings of a host that concern us. */
const hostSysctlNames = (options: KernelOptions, host: Network): string[] =>
  [options.uplink, ...host.links.map((link) => link.name)].map((link) => `net/ipv4/conf/${link}/forwarding`);

/** Instances have no table yet, and there are many of them: not asking saves a process each. */
function mayHaveTable(network: Network | undefined): boolean {
  const mark = parseMark(network?.mark ?? "");
  return network !== undefined && (mark === null || kindOfId(mark.objectId) !== "instance");
}

async function readTables(options: KernelOptions, keys: readonly string[]): Promise<Map<string, SeenNftTable>> {
  const argv = ["nft", "-j", "list", "table", "inet", "vpclab"] as const;
  const answers = await ask(options, keys, [...argv], (stdout) => stdout.split("\n").filter((line) => line !== "").map((line) => [line]), /No such file or directory/);
  return new Map([...answers].map(([key, [line]]): [string, SeenNftTable] => [key, parseNft(JSON.parse(line ?? ""))]));
}

/**
 * The same question in many namespaces; `split` cuts one run's output into one answer per namespace. A namespace that went
 * meanwhile, or whose error is `absent`, has no answer; any other failure is thrown.
 */
async function ask(
  options: KernelOptions, keys: readonly string[], argv: [string, ...string[]], split: (stdout: string) => string[][],
  absent?: RegExp,
): Promise<Map<string, string[]>> {
  const visits = keys.map((key): KeyedVisit => ({ key, namespace: netnsNameOf(key, options.hostNetns), argv }));
  const report = await visitNamespaces(options.runner, visits);
  for (const { visit, stderr } of report.failures) {
    if (absent?.test(stderr) || inodeOf(visit.key, options.hostNetns) === null) continue;
    throw new CommandError(argv[0], `in ${visit.key}: ${reasonFrom(stderr, "failed")}`, null);
  }
  return new Map(report.runs.flatMap((run) => {
    const answers = split(run.stdout);
    return run.visits.map((visit, index): [string, string[]] => [visit.key, answers[index] ?? []]);
  }));
}
