import type { HostTopology } from "@vpclab/shared/wire/host-report";

/** How a topology stands on its host, in a few words. */
export function topologyWords({ applied, revision, state, waiting, returned }: HostTopology, online: boolean): string {
  const there = applied === 0 ? "nothing applied" : `revision ${applied}${applied < revision ? ` of ${revision}` : ""}`;
  if (waiting) return online ? `${there}, being applied` : `${there}; what was asked for last waits for the host`;
  if (returned) return `${there}: the host went back by itself, because it could not reach the server after the last apply`;
  if (state === "stopped") return `${there}, cancelled half-way`;
  return state === "failed" || state === "drifted" ? `${there}, ${state}` : there;
}
