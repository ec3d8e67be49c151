//! Regions as inference variables: what is known of each, the constraints between them with their causes, and their solution.
//!
//! RFC 2094; rustc dev guide, "Region inference (NLL)". A region's value is a set of points of the bodies and of the ends of universal
//! regions. One body and the closures in it are solved together: a closure's captured regions are the parent's own variables, and only
//! the regions of its signature's binder are universal inside it. Constraints hold at every point.

pub mod constraint;
pub mod solve;
pub mod universal;
