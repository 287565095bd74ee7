import { lookUpNetns } from "../host/netns";
import { hasResolvConf } from "./resolv-conf";

/** Those of the names that stand for something without a namespace behind them: a plain file in /run/netns, a resolv.conf. */
export const leftoversAmong = (names: readonly string[]): string[] => names.filter((name) => {
  const found = lookUpNetns(name);
  return found === "leftover" || (found === "none" && hasResolvConf(name));
});
