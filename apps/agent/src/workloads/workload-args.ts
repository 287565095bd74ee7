import type { WebServerProcess } from "@vpclab/shared/plan/kernel-state";
import { readResolverMark } from "@vpclab/shared/plan/resolver-configuration";

/** First argument of a program of ours: how it is found again in /proc, by whichever agent runs then. */
const MARKER = "vpclab-workload";

export interface WorkloadArgs {
  readonly kind: string;
  readonly port: number;
  readonly topologyId: string;
  readonly objectId: string;
  readonly label: string;
  readonly configurationHash: string;
}

/** `vpclab-workload kind=web-server port=80 topology=… object=i-… label=vpc1-public`: shown by `ps`, read by `readWorkloadArgs`. */
export const webServerArgs = ({ kind, port, label, owner }: WebServerProcess): string[] =>
  [MARKER, `kind=${kind}`, `port=${port}`, `topology=${owner.topologyId}`, `object=${owner.objectId}`, `label=${label}`];

/** The other way round, from a whole argument vector; null when it is none of our workloads. */
export function readWorkloadArgs(argv: readonly string[]): WorkloadArgs | null {
  const at = argv.indexOf(MARKER);
  return at < 0 ? readResolverArgs(argv) : readWebServerArgs(argv.slice(at + 1));
}

function readWebServerArgs(words: readonly string[]): WorkloadArgs | null {
  const values = new Map(words.map((word) => {
    const [key = "", ...rest] = word.split("=");
    return [key, rest.join("=")];
  }));
  const port = Number(values.get("port"));
  const kind = values.get("kind");
  if (kind === undefined || !Number.isInteger(port)) return null;
  return {
    kind, port, topologyId: values.get("topology") ?? "", objectId: values.get("object") ?? "", label: values.get("label") ?? "", configurationHash: "",
  };
}

/** dnsmasq takes no words that it does not know, so an option of its own carries the mark. */
function readResolverArgs(argv: readonly string[]): WorkloadArgs | null {
  for (const word of argv) {
    const mark = readResolverMark(word);
    if (mark) return { kind: "resolver", port: 53, label: "", ...mark };
  }
  return null;
}
