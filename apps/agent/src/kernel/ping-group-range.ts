import type { IdMaps } from "../host/id-maps";
import { isMapped } from "../host/id-maps";

const KEY = "net.ipv4.ping_group_range";
const EVERYBODY = "0 2147483647";
const EVERYBODY_LAST_GID = 2147483647;

/**
 * "Everybody may ping" is `0 2147483647`, which the kernel refuses inside a user namespace that does not map these groups
 * (EINVAL, net/ipv4/sysctl_net_ipv4.c). There `0 0` is everybody. Outside of this file it is always written the first way.
 */
export function pingGroupRange(maps: Pick<IdMaps, "gids">): {
  toKernel(key: string, value: string): string;
  fromKernel(sysctls: Record<string, string>): Record<string, string>;
} {
  if (isMapped(maps.gids, EVERYBODY_LAST_GID)) return { toKernel: (_key, value) => value, fromKernel: (sysctls) => sysctls };
  const last = Math.max(0, ...maps.gids.filter((range) => range.inside === 0).map((range) => range.count - 1));
  const everybodyHere = `0 ${last}`;
  return {
    toKernel: (key, value) => (key === KEY && value === EVERYBODY ? everybodyHere : value),
    fromKernel: (sysctls) => (sysctls[KEY] === everybodyHere ? { ...sysctls, [KEY]: EVERYBODY } : sysctls),
  };
}
