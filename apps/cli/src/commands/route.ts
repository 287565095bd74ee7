import type { CommandGroup } from "../command-spec";
import { IF_EXISTS, IN_VPC, NAME, ONLY_VPC } from "./noun-options";

const TABLE = [["--table <table>", "route table"], ["--subnet <subnet>", "the table of this subnet"], IN_VPC] as const;

export function registerRoute(program: CommandGroup): void {
  const route = program.noun("route", "routes and route tables")
    .command({
      usage: "add <destination>", aliases: ["create"], summary: "add a route to a table",
      options: [...TABLE, ["--via <target>", "igw, or a NAT gateway, peering or instance by name"], ["--replace", "also where the table leads elsewhere"]],
      examples: ["route add 0.0.0.0/0 --subnet prod/public --via igw", "route add 10.1.0.0/16 --table prod/main --via prod-dev"],
      action: async () => (await import("../actions/route")).addRoute,
    })
    .command({
      usage: "list", aliases: ["ls", "show"], summary: "list the routes of all tables, or of one", options: TABLE,
      examples: ["route list", "route list --vpc prod", "route show --subnet prod/public"],
      action: async () => (await import("../actions/route")).listRoutes,
    })
    .command({
      usage: "delete <destination>", aliases: ["rm"], summary: "delete a route of a table", options: [...TABLE, IF_EXISTS],
      examples: ["route delete 10.1.0.0/16 --table prod/main"],
      action: async () => (await import("../actions/route")).deleteRoute,
    });
  route.noun("table", "route tables")
    .command({
      usage: "create [name]", aliases: ["add"], summary: "make a route table", options: [NAME, IN_VPC], examples: ["route table create prod/nat"],
      action: async () => (await import("../actions/route")).createRouteTable,
    })
    .command({
      usage: "list", aliases: ["ls"], summary: "list the route tables", options: [ONLY_VPC], examples: ["route table list"],
      action: async () => (await import("../actions/kind-actions")).listKind("route-table"),
    })
    .command({
      usage: "show [name]", summary: "show a route table", options: [NAME, IN_VPC], examples: ["route table show prod/main"],
      action: async () => (await import("../actions/kind-actions")).showKind("route-table"),
    })
    .command({
      usage: "delete [name]", aliases: ["rm"], summary: "delete a route table that no subnet uses", options: [NAME, IN_VPC, IF_EXISTS], examples: ["route table delete prod/nat"],
      action: async () => (await import("../actions/delete-kind")).deleteKind("route-table"),
    });
}
