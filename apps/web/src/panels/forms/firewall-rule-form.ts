import type { Direction, Firewall, FirewallRule, Protocol } from "@vpclab/shared/topology/topology";
import type { RowForm } from "../grid/row-form";
import { ACTION_COLUMN, actionOf } from "./action-column";
import { cidrColumn } from "./cidr-column";
import { parsePorts, portsText, PORTS_HINT } from "./port-text";
import { PORTS_COLUMN, PROTOCOL_COLUMN } from "./protocol-column";

/** What switching a firewall on begins with: closed inwards, as a policy without a default is read. */
export const NEW_FIREWALL: Firewall = { defaults: { ingress: "deny", egress: "allow" }, rules: [] };

/** Rules of a subnet's firewall in one direction. Their order is the list's. */
export function firewallRuleForm(direction: Direction): RowForm<FirewallRule> {
  return {
    columns: [
      ACTION_COLUMN, PROTOCOL_COLUMN, PORTS_COLUMN, cidrColumn(direction),
      { key: "description", label: "Description", kind: "text", widthMin: 160, grow: true, quiet: true, placeholder: "Description" },
    ],
    fresh: { action: "allow", protocol: "tcp", ports: "", cidr: "0.0.0.0/0", description: "" },
    textsOf: ({ action, protocol, ports, cidr, description }) => ({ action, protocol, ports: portsText(ports), cidr, description }),
    parse: (texts) => {
      const protocol = (texts.protocol ?? "tcp") as Protocol;
      const ports = parsePorts(texts.ports ?? "", protocol);
      if (ports === undefined) return { ok: false, errors: { ports: PORTS_HINT } };
      const action = actionOf(texts.action);
      return { ok: true, row: { direction, action, protocol, ports, cidr: (texts.cidr ?? "").trim(), description: (texts.description ?? "").trim() } };
    },
  };
}

/** One direction's rules replaced; ingress before egress, so that a document reads the same however it came about. */
export const withRules = ({ rules }: Firewall, direction: Direction, own: readonly FirewallRule[]): FirewallRule[] => {
  const others = rules.filter((rule) => rule.direction !== direction);
  return direction === "ingress" ? [...own, ...others] : [...others, ...own];
};

/** The row at `at` changes places with its neighbour. */
export function moved<T>(list: readonly T[], at: number, by: -1 | 1): T[] {
  const [row, other] = [list[at], list[at + by]];
  if (row === undefined || other === undefined) return [...list];
  return list.map((kept, i) => (i === at ? other : i === at + by ? row : kept));
}
