import { onTestFailed, beforeEach } from "vitest";
import type { Lab } from "./lab";

const LOOKS: readonly [string, ...string[]][] = [
  ["ip", "-br", "address"], ["ip", "route", "show", "table", "all"], ["ip", "rule"], ["nft", "list", "ruleset"],
];

/** Prints addresses, routes and rules of the namespaces when a test fails: what one would look at by hand. */
export function noteRuleset(lab: Lab, namespaces: readonly string[]): void {
  beforeEach(() => onTestFailed(async () => {
    for (const namespace of namespaces) {
      for (const argv of LOOKS) {
        const { stdout } = await lab.inside(namespace, ...argv);
        console.error(`${namespace}# ${argv.join(" ")}\n${stdout}`);
      }
    }
  }));
}
