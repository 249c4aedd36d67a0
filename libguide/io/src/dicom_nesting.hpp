// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "file.hpp"

#include <cstdint>
#include <string>

namespace guide::io {

/// DCMTK reads and frees nested sequences by recursion, without a bound: a small file of sequences
/// within sequences would overflow the stack. Throws IoError "damaged" for a data set nested deeper
/// than any real one, "too-large" for deflated data that inflates beyond `max_bytes`. Looks at tags
/// and lengths only.
void check_nesting(const std::string& path, std::int64_t max_bytes);

}  // namespace guide::io
