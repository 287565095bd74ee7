import { commandOf } from "@vpclab/shared/plan/render";
import type { Step } from "@vpclab/shared/plan/step";
import { startCommand } from "../workloads/start-command";
import type { Machine } from "./machine";

/** A step as a person would type it on this machine; a script of what ran does the same again. */
export const commandsOf = ({ hostNetns, idMaps, programs }: Pick<Machine, "hostNetns" | "idMaps" | "programs">) => (step: Step): string =>
  step.action === "workload-start" ? startCommand(step, { idMaps, programs }) : commandOf(step, { hostNetns });
