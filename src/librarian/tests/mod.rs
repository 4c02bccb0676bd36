//! Tests of the librarian on temporary folders and repositories.
