import type { CommandGroup } from "../command-spec";

/** Commands about a server that runs elsewhere; the one of `npm run up` on this machine needs no sign-in. */
export function registerSignIn(program: CommandGroup): void {
  program.command({
    usage: "signin [link]",
    summary: "sign in at a server with a one-time link",
    about: "Run `npm run signin` where the server runs; it prints the link. Without an argument (or with -) the link is read from standard input, so that it stands in no list of processes.",
    examples: ["signin < link.txt", "signin 'https://lab.example/signin?token=…'"],
    action: async () => (await import("../actions/signin")).signin,
  });
  program.command({
    usage: "signout [url]",
    summary: "forget the sign-in at a server, or at all",
    examples: ["signout", "signout https://lab.example"],
    action: async () => (await import("../actions/signout")).signout,
  });
}
