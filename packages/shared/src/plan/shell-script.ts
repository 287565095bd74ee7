import type { Topology } from "../topology/topology";
import { compileTopology } from "./compile";
import type { CompileContext } from "./compile-context";
import { HOST_NAMESPACE } from "./kernel-state";
import { planChanges } from "./plan";
import { commandOf } from "./render";
import type { Step } from "./step";

/** Stands for the uplink's name while a script is compiled; in the script it is the variable `$uplink`. */
export const SCRIPT_UPLINK = "vpclab-uplink";
const ON_THE_HOST = { hostNetns: null };

/**
 * The Linux commands of a valid topology as a script for `sh`, for a host without an agent: `sh lab.sh`, and `sh lab.sh down`
 * takes everything away again. The context's uplink is SCRIPT_UPLINK, and it has no pool of public addresses. Nothing of a
 * drawing is text in it but names, addresses and numbers of the closed grammar.
 */
export function shellScript(doc: Topology, context: CompileContext): string {
  const wanted = compileTopology(doc, context);
  const namespaces = Object.keys(wanted).filter((name) => name !== HOST_NAMESPACE);
  const steps = planChanges(wanted, {}, context).filter((step) => !leavesUplinkAlone(step));
  return `${[...header(context.topologyName), ...down(namespaces, wanted[HOST_NAMESPACE]?.links.map(({ name }) => name) ?? []), ...START, ...steps.flatMap(linesOf), "", `echo ${quoted(`${context.topologyName} is in place: ip netns list`)}`].join("\n")}\n`;
}

/** Without a gateway the host's forwarding is none of our business. */
const leavesUplinkAlone = (step: Step): boolean => step.action === "sysctl-set" && step.key.includes(SCRIPT_UPLINK) && step.value === "0";

const header = (name: string): string[] => [
  "#!/bin/sh",
  `# The topology ${name} as Linux commands. As root, on a host without an agent of vpclab:`,
  "#   sh this-file        makes it",
  "#   sh this-file down   takes it away",
  "# UPLINK names the interface to the internet; without it that of the default route is taken.",
  "# Web servers need python3, resolvers dnsmasq; without them the network is the same.",
  "set -eu",
  "",
];

/** A namespace's links go some time after its name: those that the host holds go first, so that their names are free at once. */
const down = (namespaces: readonly string[], hostLinks: readonly string[]): string[] => [
  "down() {",
  ...hostLinks.map((name) => `  ip link delete ${name} 2>/dev/null || true`),
  ...namespaces.map((name) => `  ip netns pids ${name} 2>/dev/null | xargs -r kill -9; ip netns delete ${name} 2>/dev/null || true`),
  ...namespaces.map((name) => `  rm -f /etc/netns/${name}/resolv.conf; rmdir /etc/netns/${name} 2>/dev/null || true`),
  "  nft delete table inet vpclab 2>/dev/null || true",
  "}",
  "",
];

const START: readonly string[] = [
  'if [ "$(id -u)" != 0 ]; then echo "Run this as root." >&2; exit 1; fi',
  'if [ "${1:-}" = down ]; then down; exit 0; fi',
  "if nft list table inet vpclab >/dev/null 2>&1; then",
  '  echo "There is a table inet vpclab already: an agent runs here, or this script did. Nothing was changed." >&2; exit 1',
  "fi",
  "uplink=${UPLINK:-$(ip -4 route show default | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | head -n 1)}",
  "uplink=${uplink:-lo}",
  "empty=$(mktemp -d); chmod 755 \"$empty\"",
  "",
];

function linesOf(step: Step): string[] {
  const command = commandOf(step, ON_THE_HOST);
  if (step.action !== "workload-start") return [withUplink(command)];
  const { workload } = step;
  if (workload.kind === "resolver") {
    return ["if command -v dnsmasq >/dev/null; then", command.replace("<<'EOF'\n", `<<'EOF' || echo ${quoted(`No resolver in ${step.namespace}.`)} >&2\n`), "fi"];
  }
  const [inside = ""] = command.split("node web-server.mjs");
  return [`if command -v python3 >/dev/null; then (cd "$empty" && exec ${inside}python3 -m http.server ${workload.port} </dev/null >/dev/null 2>&1 &); fi`];
}

/** The text between the marks of a here-document is taken as it is, unless the uplink's name is in it. */
const withUplink = (command: string): string =>
  command.includes(SCRIPT_UPLINK) ? command.replaceAll(SCRIPT_UPLINK, "$uplink").replaceAll("<<'EOF'", "<<EOF") : command;

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
