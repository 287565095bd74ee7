import type { WorkloadProcess } from "@vpclab/shared/plan/kernel-state";

/** First argument of a workload program: how it is found again in /proc, by whichever agent runs then. */
const MARKER = "vpclab-workload";

export interface WorkloadArgs {
  readonly kind: string;
  readonly port: number;
  readonly topologyId: string;
  readonly objectId: string;
  readonly label: string;
}

/** `vpclab-workload kind=web-server port=80 topology=… object=i-… label=vpc1-public`: shown by `ps`, read by `readWorkloadArgs`. */
export const workloadArgs = ({ kind, port, label, owner }: WorkloadProcess): string[] =>
  [MARKER, `kind=${kind}`, `port=${port}`, `topology=${owner.topologyId}`, `object=${owner.objectId}`, `label=${label}`];

/** The other way round, from a whole argument vector; null when it is none of our workloads. */
export function readWorkloadArgs(argv: readonly string[]): WorkloadArgs | null {
  const at = argv.indexOf(MARKER);
  if (at < 0) return null;
  const values = new Map(argv.slice(at + 1).map((word) => {
    const [key = "", ...rest] = word.split("=");
    return [key, rest.join("=")];
  }));
  const port = Number(values.get("port"));
  const kind = values.get("kind");
  if (kind === undefined || !Number.isInteger(port)) return null;
  return { kind, port, topologyId: values.get("topology") ?? "", objectId: values.get("object") ?? "", label: values.get("label") ?? "" };
}
