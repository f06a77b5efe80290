//! The wire protocols of a data lake (AAD, ARM, ADLA, ADLS Gen1) as a pure request to response function.
