import { Option } from "commander";
import type { CommandGroup } from "../command-spec";

const KINDS = [
  ["--ping", "ICMP echo (the default)"], ["--tcp <port>", "a TCP connection"], ["--udp <port>", "a UDP packet"], ["--http <port>", "an HTTP request"],
] as const;

/** Commands that send packets or run programs inside instances. */
export function registerPackets(program: CommandGroup): void {
  program
    .command({
      usage: "exec [words...]",
      summary: "run a program inside an instance, a NAT gateway or a VPC's router; its exit code is passed on",
      about: "vpcctl exec <instance> -- <command>. On the instances' own machine only, as root.",
      options: [["--vpc <vpc>", "with --subnet: instead of naming the instance"], ["--subnet <subnet>", "the subnet's main instance"]],
      passThrough: true,
      examples: ["exec prod-public -- ping -c 1 10.0.2.2", "exec prod/public/web -- ip route", "exec --vpc prod --subnet public curl -s http://10.0.2.2:8080"],
      action: async () => (await import("../actions/exec")).exec,
    })
    .command({
      usage: "test <from> <to>",
      summary: "send a real packet and compare with what the drawing promises",
      about: [
        "From and to: an instance (`prod/public`, `prod-public-web`, 10.0.1.2), `internet` or `host`; to: also `public:<name>`, the public",
        "address (or published port) of an instance or NAT gateway.",
        "Exit code 0 when the target answered as asked, 1 when not: refused counts as not answered. With --expect reachable it is 0",
        "when packets get there (a refusal comes back from there, too), with --expect blocked when nothing comes back.",
      ].join("\n"),
      options: [...KINDS, new Option("--expect <what>", "what the exit code asks for").choices(["reachable", "blocked"])],
      examples: ["test prod-public prod-private", "test internet prod/public/web --http 8080", "test prod/public dev/public --tcp 22 --expect blocked", "test prod/public host --expect blocked"],
      action: async () => (await import("../actions/test")).test,
    })
    .command({
      usage: "matrix [instances...]",
      summary: "every pair of instances and the internet: intended and measured in one table",
      about: "Exit code 1 when a pair does not do what the drawing promises.",
      options: [...KINDS, ["--no-measure", "only what the drawing promises"]],
      examples: ["matrix", "matrix --tcp 80 --json", "matrix prod/web prod/app prod/db --tcp 5432"],
      action: async () => (await import("../actions/matrix")).matrix,
    })
    .command({
      usage: "watch",
      summary: "live counters of instances, gateways and peerings",
      about: "A table that is drawn anew each second on a terminal; a line for each object in a pipe.",
      options: [["--count <n>", "end after so many readings"]],
      examples: ["watch", "watch --count 1", "watch --json | jq .counters"],
      action: async () => (await import("../actions/watch")).watch,
    });
}
