import { join } from "node:path";

/** Settings of the environment; the command line goes before them. Empty counts as not set. */
export interface Environment {
  /** VPCCTL_LOCAL=1: as `--local`. */
  readonly local: boolean;
  /** VPCCTL_SERVER: as `--server`. */
  readonly server: string | null;
  /** VPCCTL_TOPOLOGY: as `--topology`. */
  readonly topology: string | null;
  /** VPCLAB_AGENT_STATE, _MODE, _UPLINK, _POLICY: those of the agent. */
  readonly stateDir: string | null;
  readonly mode: string | null;
  readonly uplink: string | null;
  readonly policy: string | null;
  /** VPCLAB_AGENT_DIST: folder of the agent's bundle. */
  readonly agentDist: string | null;
  /** VPCLAB_DATA: data folder of `npm run up`. */
  readonly dataDir: string | null;
  /** FIREWALL_FILE: policies of `create` (an older spelling). */
  readonly firewallFile: string | null;
  /** NO_COLOR (no-color.org): set to anything. */
  readonly noColor: boolean;
  readonly sudoUser: string | null;
  readonly home: string | null;
  /** XDG_CONFIG_HOME: where a sign-in is kept. */
  readonly configHome: string | null;
}

/** Where a sign-in is kept: `vpclab` in the person's folder for settings. */
export const configDir = ({ configHome, home }: Environment): string => join(configHome ?? join(home ?? "/", ".config"), "vpclab");

export function readEnvironment(source: NodeJS.ProcessEnv = process.env): Environment {
  const text = (name: string): string | null => source[name] || null;
  return {
    local: ["1", "true", "yes"].includes(text("VPCCTL_LOCAL") ?? ""),
    server: text("VPCCTL_SERVER"),
    topology: text("VPCCTL_TOPOLOGY"),
    stateDir: text("VPCLAB_AGENT_STATE"),
    mode: text("VPCLAB_AGENT_MODE"),
    uplink: text("VPCLAB_AGENT_UPLINK"),
    policy: text("VPCLAB_AGENT_POLICY"),
    agentDist: text("VPCLAB_AGENT_DIST"),
    dataDir: text("VPCLAB_DATA"),
    firewallFile: text("FIREWALL_FILE"),
    noColor: text("NO_COLOR") !== null,
    sudoUser: text("SUDO_USER"),
    home: text("HOME"),
    configHome: text("XDG_CONFIG_HOME"),
  };
}
