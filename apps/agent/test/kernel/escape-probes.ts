import { systemCallNumbers } from "../../src/host/system-call-numbers";

/** One attempt to get out of an instance, and what the kernel must say to it. */
export interface EscapeProbe {
  readonly group: "files" | "settings" | "devices" | "system calls" | "capabilities" | "programs with rights" | "network";
  readonly name: string;
  /** A line of Perl (in every Debian) that tries; `said` prints the errno, or DONE when it succeeded. */
  readonly perl: string;
  readonly expected: RegExp;
}

/** What the test has put where a probe looks for it. */
export interface EscapeTargets {
  readonly agentPid: number;
  readonly agentSocket: string;
  readonly stateDir: string;
  readonly abstractSocket: string;
  readonly hostPort: number;
  /** The host's own addresses, the metadata address, an instance of another topology. */
  readonly unreachable: readonly { readonly name: string; readonly address: string }[];
  /** A copy of `id` that belongs to root and has the setuid bit. */
  readonly setuidProgram: string;
  /** What moves a process to another control group, or changes the limits of one. */
  readonly groupFiles: readonly string[];
  /** The instance has a user of its own; not in a user namespace that maps one id. */
  readonly ownUser: boolean;
}

const PRELUDE = "use Errno; sub said { my ($ok, $errno) = (shift, $! + 0); print $ok ? 'DONE' : (grep { Errno->$_() == $errno } @Errno::EXPORT_OK)[0] } sub call { my @words = @_; my $result = syscall(shift(@words), @words); said($result != -1) } ";

/** As `perl -e` takes it. */
export const scriptOf = (probe: EscapeProbe): string => PRELUDE + probe.perl;

const reading = (path: string): string => `if (open(my $f, '<', '${path}')) { my $d; said(defined sysread($f, $d, 1)) } else { said(0) }`;
const listing = (path: string): string => `said(opendir(my $d, '${path}'))`;
const writing = (path: string): string => `if (open(my $f, '>>', '${path}')) { said(syswrite($f, '1')) } else { said(0) }`;
const GONE = /^ENOENT$/;

const files = ({ agentPid, agentSocket, stateDir }: EscapeTargets): EscapeProbe[] => [
  ["/etc/shadow", reading("/etc/shadow")], ["/root", listing("/root")], ["/home", listing("/home")], ["/var", listing("/var")], ["/tmp", listing("/tmp")],
  ["the container engine's socket", reading("/run/docker.sock")], ["the agent's socket", reading(agentSocket)], ["the agent's state folder", listing(stateDir)],
  ["the root of the agent", listing(`/proc/${agentPid}/root`)], ["the environment of the first process", reading("/proc/1/environ")],
].map(([name, perl]) => ({ group: "files", name: name!, perl: perl!, expected: GONE }));

const readOnly = (): EscapeProbe[] => ["/usr/bin/escaped", "/escaped", "/dev/escaped", "/etc/ld.so.cache"]
  .map((path) => ({ group: "files", name: `writing ${path}`, perl: writing(path), expected: /^(EROFS|EACCES)$/ }));

const settings = ({ groupFiles }: EscapeTargets): EscapeProbe[] => [
  ...["/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/proc/sys/kernel/modprobe", "/proc/sys/net/ipv4/ip_forward", "/sys/fs/cgroup/release_agent", "/sys/fs/cgroup/memory/release_agent", "/sys/kernel/uevent_helper", ...groupFiles]
    .map((path) => [`writing ${path}`, writing(path)]),
  ...["/proc/kcore", "/proc/kallsyms", "/proc/self/cgroup"].map((path) => [`reading ${path}`, reading(path)]),
].map(([name, perl]) => ({ group: "settings", name: name!, perl: perl!, expected: GONE }));

const devices = (): EscapeProbe[] => [
  ...["/dev/mem", "/dev/kmsg", "/dev/loop-control", "/dev/loop0", "/dev/kvm", "/dev/net/tun"]
    .map((path): EscapeProbe => ({ group: "devices", name: path, perl: reading(path), expected: GONE })),
  { group: "devices", name: "a device of its own", perl: "print `mknod /dev/escaped c 1 3 2>&1`", expected: /Read-only file system|Operation not permitted/ },
];

/** Numbers as in asm/unistd.h: x64, arm64. */
const CALLS: readonly (readonly [name: string, x64: number, arm64: number, args: string, expected?: RegExp])[] = [
  ["unshare(user)", 272, 97, "0x10000000"], ["unshare(network)", 272, 97, "0x40000000"], ["unshare(mounts)", 272, 97, "0x20000"], ["unshare(control groups)", 272, 97, "0x2000000"], ["clone(user)", 56, 220, "0x10000011, 0, 0, 0, 0"],
  ["clone3", 435, 435, "0, 0", /^ENOSYS$/], ["setns", 308, 268, "0, 0x40000000"], ["mount", 165, 40, "'none', '/usr', 'tmpfs', 0, 0"], ["mount(control groups)", 165, 40, "'none', '/usr', 'cgroup2', 0, 0"], ["umount", 166, 39, "'/usr', 2"],
  ["pivot_root", 155, 41, "'/usr', '/usr'"], ["chroot", 161, 51, "'/usr'"], ["ptrace", 101, 117, "16, 1, 0, 0"], ["process_vm_readv", 310, 270, "1, 0, 0, 0, 0, 0"],
  ["bpf", 321, 280, "0, 0, 0"], ["keyctl", 250, 219, "0, 0, 0"], ["add_key", 248, 217, "'user', 'x', 'y', 1, -3"], ["userfaultfd", 323, 282, "0"], ["io_uring_setup", 425, 425, "1, 0"],
  ["perf_event_open", 298, 241, "0, 0, -1, -1, 0"], ["kexec_load", 246, 104, "0, 0, 0, 0"], ["init_module", 175, 105, "0, 0, ''"], ["open_by_handle_at", 304, 265, "0, 0, 0"],
  ["fsopen", 430, 430, "'tmpfs', 0"], ["open_tree", 428, 428, "-100, '/', 1"], ["reboot", 169, 142, "0, 0, 0, 0"], ["sethostname", 170, 161, "'x', 1"], ["settimeofday", 164, 170, "0, 0"],
];

const systemCalls = (): EscapeProbe[] => {
  if (!systemCallNumbers()) throw new Error(`nobody has looked up the calls of ${process.arch}`);
  return CALLS.map(([name, x64, arm64, args, expected = /^EPERM$/]) =>
    ({ group: "system calls", name, perl: `call(${process.arch === "arm64" ? arm64 : x64}, ${args})`, expected }));
};

const socket = (name: string, family: number, type: number, protocol: number, expected: RegExp): EscapeProbe =>
  ({ group: "capabilities", name, perl: `use Socket; said(socket(my $s, ${family}, ${type}, ${protocol}))`, expected });

const capabilities = ({ ownUser }: EscapeTargets): EscapeProbe[] => [
  socket("a raw socket", 2, 3, 1, /^EPERM$/), socket("a packet socket", 17, 3, 0, /^EAFNOSUPPORT$/), socket("a socket to the hypervisor", 40, 1, 0, /^EAFNOSUPPORT$/),
  socket("a socket for kernel ciphers", 38, 5, 0, /^EAFNOSUPPORT$/),
  ...(ownUser ? [
    { group: "capabilities", name: "becoming root", perl: "$! = 0; $< = 0; $> = 0; said($< == 0 || $> == 0)", expected: /^EPERM$/ } as const,
    { group: "capabilities", name: "becoming a neighbour", perl: "$! = 0; $> = $> + 1; said(!$!)", expected: /^EPERM$/ } as const,
  ] : []),
  { group: "capabilities", name: "a link's state", perl: "print `ip link set lo down 2>&1`", expected: /Operation not permitted/ },
  { group: "capabilities", name: "an address", perl: "print `ip address add 10.9.9.9/32 dev lo 2>&1`", expected: /Operation not permitted/ },
  { group: "capabilities", name: "the packet filter", perl: "print `nft flush ruleset 2>&1`", expected: /Operation not permitted/ },
];

const programs = ({ setuidProgram, ownUser }: EscapeTargets): EscapeProbe[] => [
  { group: "programs with rights", name: "a setuid bit", perl: `print \`${setuidProgram}\``, expected: ownUser ? /^uid=(\d{10}) gid=\1 groups=\1$/ : /^uid=0\(?/ },
  // With the capability of its file honoured, exec would fail: the bounding set lacks it.
  { group: "programs with rights", name: "a capability of a file", perl: "print `ping -n -c 1 -W 1 127.0.0.1 2>&1` =~ /1 received/ ? 'no capability, and works' : 'fails'", expected: /^no capability, and works$/ },
];

const network = ({ unreachable, hostPort, abstractSocket, agentSocket }: EscapeTargets): EscapeProbe[] => [
  ...unreachable.map(({ name, address }): EscapeProbe => ({
    group: "network", name: `${name} (${address})`, expected: /^(ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ECONNREFUSED|EPERM|EACCES)$/,
    perl: `use IO::Socket::INET; said(IO::Socket::INET->new(PeerAddr => '${address}', PeerPort => ${hostPort}, Timeout => 1))`,
  })),
  { group: "network", name: "an abstract socket of the host", perl: `use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0); said(connect($s, pack('S a*', AF_UNIX, "\\0${abstractSocket}")))`, expected: /^ECONNREFUSED$/ },
  { group: "network", name: "a connection to the agent", perl: `use Socket; socket(my $s, AF_UNIX, SOCK_STREAM, 0); said(connect($s, pack_sockaddr_un('${agentSocket}')))`, expected: GONE },
];

export const escapeProbes = (targets: EscapeTargets): EscapeProbe[] => [
  ...files(targets), ...readOnly(), ...settings(targets), ...devices(), ...systemCalls(), ...capabilities(targets), ...programs(targets), ...network(targets),
];
