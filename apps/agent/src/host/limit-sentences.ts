import type { Controller } from "./cgroup-limits";
import type { FoundCgroups } from "./find-cgroups";

const WHAT: Readonly<Record<Controller, string>> = { pids: "processes", memory: "memory", cpu: "processors" };
/** What setrlimit(2) can do about each. */
const OTHERWISE: Readonly<Record<Controller, string>> = {
  pids: "Processes are limited by user only", memory: "Memory is limited for each process only, not for an instance as a whole", cpu: "Nothing limits the processors' time",
};

/** Which limits of instances hold on this host, and which do not and why. */
export function limitSentences({ tops, missing }: FoundCgroups): string[] {
  const held = tops.map(({ controllers, path, version }) => `${listed(controllers.map((controller) => WHAT[controller]))} by control groups (version ${version}) below ${path}`);
  return [
    ...(held.length === 0 ? [] : [`Limits of each instance: ${held.join("; ")}.`]),
    ...missing.map(({ controller, reason }) => `${OTHERWISE[controller]}: ${reason}.`),
  ];
}

const listed = (words: readonly string[]): string => (words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`);
