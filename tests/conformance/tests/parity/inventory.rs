//! What the older clients have, by the sources of the packages: `core.py`, `multithread.py`,
//! `transfer.py`, `lib.py` and `retry.py` of azure-datalake-store 1.0.1 for Python, and
//! `com.microsoft.azure:azure-data-lake-store-sdk` 2.3.10 for Java.

/// Under which name a row has an object, and the public methods of its class.
pub(crate) const METHODS: &[(&str, &str)] = &[
    (
        "fs",
        "current connect open ls listdir info stat walk glob du df chmod set_expiry set_acl \
         modify_acl_entries remove_acl_entries get_acl_status remove_acl remove_default_acl chown \
         exists access cat tail head get put mkdir rmdir mv rename concat merge cp rm unlink \
         remove invalidate_cache touch read_block",
    ),
    (
        "file",
        "info tell seek readline readlines read readinto write flush close readable seekable \
         writable next",
    ),
    ("path", "globless_prefix startswith trim"),
    (
        "transfer",
        "run active successful save load clear_saved hash progress status submit shutdown monitor",
    ),
    ("multithread", "save load get_chunk put_chunk"),
    (
        "interface",
        "call get_refreshed_bearer_token session log_response_and_raise is_successful_response",
    ),
    ("retry", "RetryPolicy NoRetryPolicy ExponentialRetryPolicy"),
    (
        "client",
        "createClient createFile getReadStream getAppendStream concatenateFiles setExpiryTime \
         enumerateDirectory createDirectory deleteRecursive removeDefaultAcls rename delete \
         getDirectoryEntry getContentSummary setOwner setTimes checkExists createEmptyFile \
         setPermission checkAccess modifyAclEntries setAcl removeAclEntries removeAllAcls \
         getAclStatus setOptions updateToken getSSLChannelMode getDefaultTimeout \
         getExceptionFromResponse",
    ),
    (
        "in",
        "read seek skip setBufferSize setReadAheadQueueDepth available length getPos unbuffer \
         close getFilename mark reset markSupported",
    ),
    ("out", "write flush setBufferSize close"),
    (
        "options",
        "setUserAgentSuffix setInsecureTransport enableThrowingRemoteExceptions setFilePathPrefix \
         setReadAheadQueueDepth setDefaultTimeout alterCipherSuits setSSLChannelMode setMaxRetries \
         setExponentialRetryInterval setExponentialFactor setEnableConditionalCreate",
    ),
    (
        "Core",
        "create append concurrentAppend open delete rename mkdirs setExpiryTime getContentSummary \
         concat getFileStatus listStatus setTimes setOwner setPermission isValidOctal checkAccess \
         modifyAclEntries removeAclEntries removeDefaultAcl removeAcl setAcl getAclStatus",
    ),
    ("utils", "upload"),
    (
        "AclEntry",
        "parseAclEntry parseAclSpec aclListToString toString",
    ),
    ("AclAction", "fromRwx fromOctal toOctal toString isValidRwx"),
    (
        "AclStatus",
        "aclSpec owner group octalPermissions stickyBit",
    ),
    (
        "ContentSummary",
        "length directoryCount fileCount spaceConsumed",
    ),
    (
        "DirectoryEntry",
        "name fullName length group user lastAccessTime lastModifiedTime type blocksize \
         replicationFactor aclBit expiryTime permission",
    ),
];
