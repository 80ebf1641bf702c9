package io.weir.tiered.segment;

/// The sidecar object, version 1: what the rows of a cold segment cannot give back. Big-endian; written once, by one
/// put; its presence means that the copy attempt is complete.
///
/// ```
/// HEADER 64    "WEIRSC01" | u16 version=1 | u16 headerLen=64 | u32 generation | 16 B topic id | i32 partition
///              | 16 B segment uuid | i64 base offset | i32 section count
/// DIRECTORY    per section 32: u16 type | u16 codec (0 none, 1 zstd) | i64 pos | i64 stored len | i64 raw len
///              | u32 CRC32C(stored)
/// sections     in any order, at their positions
/// FOOTER 16    i64 total length | u32 CRC32C(header + directory) | "CSRW"
/// ```
///
/// BATCHES: pages of 4096 [BatchEntry], each compressed alone with the section's codec, then the page directory, 28
/// bytes
/// per page: `first ordinal i32 | first offset i64 | pos in the section i64 | stored len i32 | CRC32C u32`, then
/// `batch count i32 | page count i32`. The section's CRC covers only the directory and these two counts.
/// VERBATIM: `count i32`, per batch 16 bytes `ordinal i32 | pos in the section i64 | len i32` by ordinal, then the
/// batches. Its section CRC covers the count and the index; each batch is covered by its entry's `recordsCrc32c`.
/// TIME, TXN, EPOCHS, SNAPSHOT: the broker's files as they are. FILES: see [DataFile]. ORIGIN: JSON, see [Origin].
///
/// The worked example in hex stands in `docs/reference/formats.md` and is decoded by a test.
final class SidecarV1 {
    static final long MAGIC = 0x5745495253433031L; // "WEIRSC01"
    static final int FOOTER_MAGIC = 0x43535257; // "CSRW"
    static final int VERSION = 1;
    static final int HEADER_BYTES = 64;
    static final int DIRECTORY_ENTRY_BYTES = 32;
    static final int FOOTER_BYTES = 16;
    static final int MAX_SECTIONS = 64;

    static final int CODEC_NONE = 0;
    static final int CODEC_ZSTD = 1;

    static final int PAGE_ENTRIES = 4096;
    static final int PAGE_DIRECTORY_ENTRY_BYTES = 28;
    static final int PAGE_DIRECTORY_TRAILER_BYTES = 8;

    static final int VERBATIM_INDEX_ENTRY_BYTES = 16;

    private SidecarV1() {}

    /// One row of the directory.
    record Section(int type, int codec, long position, long storedLength, long rawLength, int crc32c) {}
}
