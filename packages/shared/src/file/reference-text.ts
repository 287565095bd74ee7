import type { Result } from "../errors/result";
import { err, ok } from "../errors/result";
import { printable } from "../topology/printable";
import type { PublishedPort } from "../topology/topology";
import { isPort, PORT_MAX } from "../topology/validate-rules";
import type { RuleProblem } from "./rule-parts";

/** What a route leads to, by names within its VPC. `subnet` null: whichever subnet has a NAT gateway of that name. */
export type WrittenTarget =
  | { readonly kind: "internet-gateway" }
  | { readonly kind: "nat-gateway"; readonly subnet: string | null; readonly name: string }
  | { readonly kind: "instance"; readonly subnet: string; readonly name: string }
  | { readonly kind: "peering"; readonly name: string }
  | { readonly kind: "gone"; readonly id: string };

/** The id in a blackhole that never had a target. */
export const NEVER_A_TARGET = "nat-00000000";

const problem = (code: RuleProblem["code"], message: string): Result<never, RuleProblem> => err({ code, message });

/** `internet-gateway`, `nat-gateway NAME`, `nat-gateway SUBNET/NAME`, `instance SUBNET`, `instance SUBNET/NAME`, `peering NAME`, `blackhole`. */
export function parseTarget(text: string): Result<WrittenTarget, RuleProblem> {
  const [kind = "", name = "", ...more] = text.trim().split(/\s+/);
  const [before, after] = name.split("/");
  if (more.length === 0) {
    if (kind === "internet-gateway" && name === "") return ok({ kind });
    if (kind === "blackhole") return ok({ kind: "gone", id: name === "" ? NEVER_A_TARGET : name });
    if (kind === "peering" && name !== "") return ok({ kind, name });
    if (kind === "nat-gateway" && before) return ok(after === undefined ? { kind, subnet: null, name: before } : { kind, subnet: before, name: after });
    if (kind === "instance" && before) return ok({ kind, subnet: before, name: after ?? "main" });
  }
  return problem("ROUTE_TARGET", `“${printable(text)}” is no target of a route; write internet-gateway, nat-gateway NAME, peering NAME, instance SUBNET/NAME or blackhole.`);
}

/** `8080:80` (port of the host, port of the instance), `5353:53/udp`. */
export function parsePublishedPort(text: string): Result<PublishedPort, RuleProblem> {
  const [, host = "", inside = "", protocol = "tcp"] = /^([0-9]{1,9}):([0-9]{1,9})(?:\/(tcp|udp))?$/.exec(text) ?? [];
  const wrong = [host, inside].find((port) => !isPort(Number(port)) || port.startsWith("0"));
  if (wrong === undefined) return ok({ protocol: protocol === "udp" ? "udp" : "tcp", hostPort: Number(host), port: Number(inside) });
  if (wrong === "") return problem("PORT", `“${printable(text)}” publishes no port; write it like "8080:80" or "5353:53/udp": the host's port, then the instance's.`);
  return problem("PORT", `${printable(wrong)} is no port; use 1 to ${PORT_MAX}.`);
}

export const publishedPortText = ({ protocol, hostPort, port }: PublishedPort): string => `${hostPort}:${port}${protocol === "udp" ? "/udp" : ""}`;

/** One end of a peering: a VPC of this topology, or `topology/vpc` of another one. */
export interface WrittenEnd {
  readonly topology: string | null;
  readonly vpc: string;
}

/** `vpc1 <-> vpc2`, `vpc1 <-> lab2/vpc1`: who asked, who was asked. */
export function parseEnds(text: string): Result<{ readonly requester: WrittenEnd; readonly accepter: WrittenEnd }, RuleProblem> {
  const ends = text.split("<->").map((side) => /^\s*(?:([^\s/]+)\/)?([^\s/]+)\s*$/.exec(side));
  const [requester, accepter] = ends.map((end) => (end?.[2] === undefined ? null : { topology: end[1] ?? null, vpc: end[2] }));
  if (ends.length === 2 && requester && accepter) return ok({ requester, accepter });
  return problem("SCHEMA", `“${printable(text)}” is no peering; write it like “vpc1 <-> vpc2”.`);
}
