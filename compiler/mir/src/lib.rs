//! Control-flow graphs from THIR, dataflow, drop elaboration.
