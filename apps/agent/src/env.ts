import { z } from "zod";

const text = z.string().min(1).optional();

const EnvironmentSchema = z.object({
  VPCLAB_AGENT_STATE: text,
  VPCLAB_AGENT_URL: text,
  VPCLAB_AGENT_POLICY: text,
  VPCLAB_AGENT_MODE: z.enum(["sandbox", "host", "rootless"]).optional(),
  VPCLAB_AGENT_UPLINK: text,
});

/** Settings of the environment; the command line goes before them. The join token is not among them, on purpose. */
export interface Environment {
  readonly stateDir: string | null;
  readonly url: string | null;
  readonly policy: string | null;
  readonly mode: "sandbox" | "host" | "rootless" | null;
  readonly uplink: string | null;
}

export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const env = EnvironmentSchema.parse(source);
  return {
    stateDir: env.VPCLAB_AGENT_STATE ?? null,
    url: env.VPCLAB_AGENT_URL ?? null,
    policy: env.VPCLAB_AGENT_POLICY ?? null,
    mode: env.VPCLAB_AGENT_MODE ?? null,
    uplink: env.VPCLAB_AGENT_UPLINK ?? null,
  };
}
