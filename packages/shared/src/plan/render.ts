import type { WorkloadProcess } from "./kernel-state";
import { HOST_NAMESPACE } from "./kernel-state";
import { ipLine } from "./render-ip";
import { resolverArgs, resolverConfiguration } from "./resolver-configuration";
import { changesScript, nftDeleteScript, nftScript } from "./render-nft";
import type { Step } from "./step";
import { BRIDGE_FILTER } from "./sysctls";

/** How the host's namespace is called: a name where a namespace plays the host, null on a real host. */
export interface HostNaming {
  readonly hostNetns: string | null;
}
export const SANDBOX_HOST: HostNaming = { hostNetns: "vpclab.host" };

/** The command that a person would type for a step, as root. What the agent runs is the same, batched per namespace. */
export function commandOf(step: Step, naming: HostNaming = SANDBOX_HOST): string {
  const netns = step.namespace === HOST_NAMESPACE ? naming.hostNetns : step.namespace;
  const inside = netns === null ? "" : `ip netns exec ${netns} `;
  const line = ipLine(step, (namespace) => (namespace === HOST_NAMESPACE ? (naming.hostNetns ?? "1") : namespace));
  if (line !== null) return netns === null ? `ip ${line}` : `ip -n ${netns} ${line}`;
  switch (step.action) {
    case "netns-add": return `ip netns add ${step.namespace}`;
    case "netns-delete": return `ip netns pids ${step.namespace} | xargs -r kill -9; ip netns delete ${step.namespace}`;
    // -e: the bridge filter is there only with its module (kernel-state.ts).
    case "sysctl-set": return `${inside}sysctl ${step.key === BRIDGE_FILTER ? "-e " : ""}-w ${step.key}=${quoted(step.value)}`;
    case "nft-replace": return `${inside}${nftCommand(nftScript(step.table))}`;
    case "nft-change": return `${inside}${nftCommand(changesScript(step.changes))}`;
    case "nft-delete": return `${inside}${nftCommand(nftDeleteScript(step.table))}`;
    case "workload-start": return `${inside}${UNPRIVILEGED} ${programCommand(step.workload)}`;
    case "workload-stop": return `${inside}kill -9 ${step.pid}`;
    case "resolv-conf-write": return `mkdir -p ${folderOf(step.namespace)} && cat > ${folderOf(step.namespace)}/resolv.conf <<'EOF'\n${step.text}EOF`;
    case "resolv-conf-delete": return `rm ${folderOf(step.namespace)}/resolv.conf && rmdir --ignore-fail-on-non-empty ${folderOf(step.namespace)}`;
    default: throw new Error(`no command for ${step.action}`);
  }
}

const UNPRIVILEGED = "setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --no-new-privs";

const programCommand = (workload: WorkloadProcess): string => workload.kind === "web-server"
  ? `node web-server.mjs --port ${workload.port} --label ${workload.label}`
  : `dnsmasq ${resolverArgs(workload).join(" ")} <<'EOF'\n${resolverConfiguration(workload)}EOF`;

/** Where `ip netns exec` looks for files that take the place of those in /etc. */
const folderOf = (namespace: string): string => `/etc/netns/${namespace}`;

const nftCommand = (script: string): string => `nft -f - <<'EOF'\n${script}EOF`;

const quoted = (value: string): string => (/^[A-Za-z0-9._-]+$/.test(value) ? value : `'${value}'`);
