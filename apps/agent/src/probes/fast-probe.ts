import type { ProbeOutcome } from "@vpclab/shared/analysis/probe";

/** A place that a packet can start from or arrive at: a network namespace and one of its own addresses. */
export interface ProbePlace {
  /** Name under /run/netns; null is the own one. */
  readonly namespace: string | null;
  readonly address: string;
}

export interface ProbeTarget extends ProbePlace {
  readonly port: number;
  readonly unlessTaken?: boolean;
}

/** One packet and its answer: who sends what to which address, and who should get it. */
export interface SentProbe {
  readonly protocol: "icmp" | "tcp" | "udp";
  readonly source: ProbePlace;
  /** 0: the kernel's choice. Fresh for every probe, or the connection tracking of an earlier one answers for this one; identifier of an icmp echo. */
  readonly sourcePort: number;
  /** For udp: the packet is sent with this source address in place of the own one, so no answer can come back. */
  readonly forgedSource?: string;
  /** Address that the packet is sent to, and destination port (0 for icmp): those of the target, or what is translated to them. */
  readonly to: { readonly address: string; readonly port: number };
  /**
   * Who should get it, and at which of its ports (0 for icmp); made to listen there. `unlessTaken`: where a program listens already, that
   * answers, or not. null: nobody is made to listen, and an answer counts whoever gives it.
   */
  readonly target: ProbeTarget | null;
}

/** One whose arrival is seen. */
export interface FastProbe extends SentProbe {
  readonly target: ProbeTarget;
}

export interface FastAnswer {
  /** `reached`: the target itself got the packet, and its answer came back. Without a listener of ours: an answer came. */
  readonly outcome: ProbeOutcome;
  /** The target got it, whether or not an answer came back. For tcp only a whole handshake is seen. */
  readonly arrived: boolean;
  /** errno by name of a refusal, e.g. `ECONNREFUSED`; `ELSEWHERE` when another machine answered in the target's place. */
  readonly error: string | null;
}
