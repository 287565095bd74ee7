import type { Issue } from "@vpclab/shared/errors/issue";
import type { Result } from "@vpclab/shared/errors/result";
import { ok } from "@vpclab/shared/errors/result";
import { printable } from "@vpclab/shared/topology/printable";
import type { Direction, PortRange, Protocol } from "@vpclab/shared/topology/topology";
import { refuse } from "./edit";

/** What a rule is about, as a command line says it: `--tcp 80 --from 10.0.0.0/16`. */
export interface TrafficOptions {
  /** Ports, e.g. `80` or `8000-8100`; `all`: every port. null: not given. */
  readonly tcp: string | null;
  readonly udp: string | null;
  readonly icmp: boolean;
  readonly all: boolean;
  /** A CIDR, or the name of a group where groups are meant: what comes in. */
  readonly from: string | null;
  /** The same: what goes out. */
  readonly to: string | null;
}

export interface Traffic {
  readonly protocol: Protocol;
  readonly ports: PortRange | null;
  readonly direction: Direction;
  readonly peer: string;
}

export function readTraffic(options: TrafficOptions): Result<Traffic, Issue[]> {
  const { from, to } = options;
  if ((from === null) === (to === null)) return refuse("SCHEMA", "Say --from <cidr> for what comes in, or --to <cidr> for what goes out: one of them.");
  const given = [options.tcp !== null, options.udp !== null, options.icmp, options.all].filter(Boolean).length;
  if (given !== 1) return refuse("SCHEMA", "Say which traffic: one of --tcp <ports>, --udp <ports>, --icmp, --all.");
  const text = options.tcp ?? options.udp;
  const ports = text === null ? ok(null) : readPorts(text);
  if (!ports.ok) return ports;
  const protocol = options.tcp !== null ? "tcp" : options.udp !== null ? "udp" : options.icmp ? "icmp" : "all";
  return ok({ protocol, ports: ports.value, direction: from === null ? "egress" : "ingress", peer: from ?? to ?? "" });
}

/** `80`, `8000-8100`, `all`. Whether the numbers are ports is checked by the drawing's own rules. */
export function readPorts(text: string): Result<PortRange | null, Issue[]> {
  if (text === "all") return ok(null);
  const found = /^([1-9][0-9]{0,4})(?:[-:–]([1-9][0-9]{0,4}))?$/.exec(text);
  if (!found) return refuse("PORT", `“${printable(text)}” is no port: write 80, 8000-8100 or all.`);
  const from = Number(found[1]);
  return ok({ from, to: found[2] === undefined ? from : Number(found[2]) });
}
