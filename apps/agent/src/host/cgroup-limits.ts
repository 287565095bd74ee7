/** What one instance may use, all of its programs together. */
export interface InstanceLimits {
  /** Processes and threads. */
  readonly pids: number;
  readonly memoryBytes: number;
  /** Processors' worth of time, e.g. 0.5. */
  readonly cpus: number;
}

export const CONTROLLERS = ["pids", "memory", "cpu"] as const;
export type Controller = (typeof CONTROLLERS)[number];
export type CgroupVersion = 1 | 2;

/** A file of a control group, and what is written into it. */
export interface LimitFile {
  readonly name: string;
  readonly value: (limits: InstanceLimits) => string;
  /** Kernels without an account of swap do not have it. */
  readonly optional?: true;
}

const PERIOD_US = 100_000;
const NOT_LIMITED = "-1";
const quota = ({ cpus }: InstanceLimits): string => String(Math.round(cpus * PERIOD_US));
const bytes = ({ memoryBytes }: InstanceLimits): string => String(memoryBytes);
const PIDS: LimitFile = { name: "pids.max", value: ({ pids }) => String(pids) };

/** In the order of writing (Documentation/admin-guide/cgroup-v1/, cgroup-v2.rst). */
export const LIMIT_FILES: Readonly<Record<CgroupVersion, Readonly<Record<Controller, readonly LimitFile[]>>>> = {
  1: {
    pids: [PIDS],
    // The limit with swap must never be below the one without, also while a limit becomes larger or smaller.
    memory: [
      { name: "memory.memsw.limit_in_bytes", value: () => NOT_LIMITED, optional: true },
      { name: "memory.limit_in_bytes", value: bytes },
      { name: "memory.memsw.limit_in_bytes", value: bytes, optional: true },
    ],
    cpu: [{ name: "cpu.cfs_period_us", value: () => String(PERIOD_US) }, { name: "cpu.cfs_quota_us", value: quota }],
  },
  2: {
    pids: [PIDS],
    memory: [{ name: "memory.max", value: bytes }, { name: "memory.swap.max", value: () => "0", optional: true }],
    cpu: [{ name: "cpu.max", value: (limits) => `${quota(limits)} ${PERIOD_US}` }],
  },
};
