import type { Direction } from "@vpclab/shared/topology/topology";
import type { Column } from "../grid/row-form";

/** The far end of what a rule is about. */
export const cidrColumn = (direction: Direction): Column =>
  ({ key: "cidr", label: direction === "ingress" ? "Source" : "Destination", kind: "text", widthMin: 132, grow: true, mono: true, placeholder: "CIDR" });
