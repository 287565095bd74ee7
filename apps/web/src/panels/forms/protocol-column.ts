import { PROTOCOLS } from "@vpclab/shared/topology/topology";
import type { Column } from "../grid/row-form";
import { hasPorts } from "./port-text";

const WORDS = { tcp: "TCP", udp: "UDP", icmp: "ICMP", all: "All" } as const;

export const PROTOCOL_COLUMN: Column = {
  key: "protocol", label: "Protocol", kind: "select", widthMin: 68,
  options: () => PROTOCOLS.map((value) => ({ value, label: WORDS[value] })),
};

export const PORTS_COLUMN: Column = {
  key: "ports", label: "Ports", kind: "text", widthMin: 84, mono: true, placeholder: "all",
  disabled: ({ protocol }) => !hasPorts(protocol ?? ""),
};
