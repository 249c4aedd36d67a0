// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <tl/expected.hpp>

#include <string>
#include <utility>

namespace guide {

/// Why there is no answer, or a remark on one: a stable code for programs and a sentence for
/// people.
struct Reason {
    std::string code;  ///< kebab-case, e.g. "no-joint-space"; part of the interface
    std::string text;  ///< one sentence, English, may change

    friend bool operator==(const Reason&, const Reason&) = default;
};

/// A value, or the reason why there is none. "No answer" is no error: nothing is thrown for it.
template <class T>
using Expected = tl::expected<T, Reason>;

/// `return no_answer("no-joint-space", "...");`
[[nodiscard]] inline tl::unexpected<Reason> no_answer(std::string code, std::string text) {
    return tl::unexpected<Reason>(Reason{std::move(code), std::move(text)});
}

}  // namespace guide
