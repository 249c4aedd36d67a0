// SPDX-License-Identifier: Apache-2.0
#include <guide_test/data.hpp>

#include <cstdlib>
#include <stdexcept>

namespace guide::test {

namespace fs = std::filesystem;

std::optional<fs::path> shared_data() {
    std::error_code error;
    const fs::path path = fs::weakly_canonical(GUIDE_SHARED_DATA, error);
    if (error || !fs::is_directory(path, error)) return std::nullopt;
    return path;
}

fs::path samples() {
    return GUIDE_SAMPLES;
}

fs::path baselines() {
    return GUIDE_BASELINES;
}

TemporaryFolder::TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "guide-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr)
        throw std::runtime_error("no temporary folder can be made");
    path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

}  // namespace guide::test
