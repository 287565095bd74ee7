/** Numbers of system calls that differ between processors (linux/unistd.h); the C library has no functions of one thread for them. */
export interface SystemCallNumbers {
  /** `AUDIT_ARCH_…` of linux/audit.h, by which a seccomp filter knows whose numbers it sees. */
  readonly auditArch: number;
  readonly setgroups: number;
  readonly setresgid: number;
  readonly setresuid: number;
  readonly capget: number;
  readonly pivot_root: number;
  readonly seccomp: number;
  readonly clone: number;
  readonly unshare: number;
  readonly setns: number;
  readonly socket: number;
  /** What no program in an instance may call, whatever its rights: mounts, other processes, kernel interfaces. */
  readonly denied: readonly number[];
}

/** The same on every architecture (asm-generic, Linux 5.1 and newer). */
export const CLONE3 = 435;
/** io_uring (3), open_tree, move_mount, fsopen, fsconfig, fsmount, fspick, pidfd_getfd, process_madvise, mount_setattr, open_tree_attr. */
const DENIED_EVERYWHERE = [425, 426, 427, 428, 429, 430, 431, 432, 433, 438, 440, 442, 467];

const X64: SystemCallNumbers = {
  auditArch: 0xc000003e,
  setgroups: 116, setresgid: 119, setresuid: 117, capget: 125, pivot_root: 155, seccomp: 317, clone: 56, socket: 41, unshare: 272, setns: 308,
  denied: [
    ...DENIED_EVERYWHERE,
    165, 166, 155, 161, // mount, umount2, pivot_root, chroot
    101, 310, 311, 312, // ptrace, process_vm_readv, process_vm_writev, kcmp
    321, 248, 249, 250, 323, 298, // bpf, add_key, request_key, keyctl, userfaultfd, perf_event_open
    246, 320, 175, 313, 176, // kexec_load, kexec_file_load, init_module, finit_module, delete_module
    169, 167, 168, 163, 179, // reboot, swapon, swapoff, acct, quotactl
    303, 304, 103, 212, 300, // name_to_handle_at, open_by_handle_at, syslog, lookup_dcookie, fanotify_init
    172, 173, 139, 153, // iopl, ioperm, sysfs, vhangup
    164, 227, 305, 159, 170, 171, // settimeofday, clock_settime, clock_adjtime, adjtimex, sethostname, setdomainname
    237, 238, 239, 256, 279, // mbind, set_mempolicy, get_mempolicy, migrate_pages, move_pages
  ],
};

const ARM64: SystemCallNumbers = {
  auditArch: 0xc00000b7,
  setgroups: 159, setresgid: 149, setresuid: 147, capget: 90, pivot_root: 41, seccomp: 277, clone: 220, socket: 198, unshare: 97, setns: 268,
  denied: [
    ...DENIED_EVERYWHERE,
    40, 39, 41, 51, // mount, umount2, pivot_root, chroot
    117, 270, 271, 272, // ptrace, process_vm_readv, process_vm_writev, kcmp
    280, 217, 218, 219, 282, 241, // bpf, add_key, request_key, keyctl, userfaultfd, perf_event_open
    104, 294, 105, 273, 106, // kexec_load, kexec_file_load, init_module, finit_module, delete_module
    142, 224, 225, 89, 60, // reboot, swapon, swapoff, acct, quotactl
    264, 265, 116, 18, 262, // name_to_handle_at, open_by_handle_at, syslog, lookup_dcookie, fanotify_init
    58, // vhangup
    170, 112, 266, 171, 161, 162, // settimeofday, clock_settime, clock_adjtime, adjtimex, sethostname, setdomainname
    235, 237, 236, 238, 239, // mbind, set_mempolicy, get_mempolicy, migrate_pages, move_pages
  ],
};

/** Those of this processor; null where nobody has looked them up. */
export const systemCallNumbers = (arch: string = process.arch): SystemCallNumbers | null =>
  arch === "x64" ? X64 : arch === "arm64" ? ARM64 : null;
