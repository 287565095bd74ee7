import { ADDRESS, HOST, LINK, MAC, MARK, NAMESPACE, NUMBER, PREFIX, whole } from "./words";

const DESTINATION = `(?:default|${PREFIX}|${ADDRESS})`;
const ROUTE = `(?:blackhole )?${DESTINATION}(?: via ${ADDRESS})?(?: dev ${LINK})? table ${NUMBER}(?: proto 118)?`;

const LINES = [
  `link set dev lo alias ${MARK} up`,
  `link add name ${LINK} address ${MAC} type bridge`,
  `link add name ${LINK} address ${MAC} type veth peer name ${LINK} address ${MAC} netns (?:${NAMESPACE}|${HOST})`,
  `link delete dev ${LINK}`,
  `link set dev ${LINK} alias ${MARK}`,
  `link set dev ${LINK} address ${MAC}`,
  `link set dev ${LINK} (?:master ${LINK}|nomaster)`,
  `link set dev ${LINK} mtu 1500`,
  `link set dev ${LINK} up`,
  `address (?:add|delete) ${PREFIX} dev ${LINK}`,
  `route (?:replace|delete) ${ROUTE}`,
  `rule add priority ${NUMBER} iif ${LINK} lookup ${NUMBER}`,
  `rule delete priority ${NUMBER}(?: iif ${LINK})?(?: lookup ${NUMBER})?`,
].map(whole);

/** A line of `ip`, without the program's name and its namespace. */
export const isIpLine = (line: string): boolean => LINES.some((pattern) => pattern.test(line));
