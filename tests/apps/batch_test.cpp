// SPDX-License-Identifier: Apache-2.0
#include "cli.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

using namespace guide::test;
using Catch::Contains;
namespace fs = std::filesystem;

namespace {

std::string content(const fs::path& file) {
    std::ifstream stream(file, std::ios::binary);
    std::ostringstream text;
    text << stream.rdbuf();
    return text.str();
}

void write(const fs::path& file, const std::string& text) {
    std::ofstream(file, std::ios::binary) << text;
}

/// Two jobs with an answer, one without a file.
std::string three_jobs() {
    const std::string view = "suprapatellar-long,40\n";
    return "id,command,file,view,depth-mm\n"
           "seg,segment,\"" +
           sample() + "\"," + view + "path,," + sample() + "," + view + "gone,info,gone.png,,\n";
}

guide::test::ProgramResult run_batch(const fs::path& manifest, const fs::path& out,
                                     std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"batch", manifest, "--output", out});
    return run_guide(more);
}

std::size_t lines(const std::string& text) {
    return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

}  // namespace

TEST_CASE("batch: each job gives what its command alone gives, and one failure stops none") {
    const TemporaryFolder folder;
    write(folder.path() / "jobs.csv", three_jobs());
    const auto out = folder.path() / "out";
    const auto run = run_batch(folder.path() / "jobs.csv", out, {"--also", "overlay,mask"});
    CHECK(run.exit_code == 1);
    CHECK(run.out.empty());
    CHECK_THAT(run.err, Contains("3 jobs") && Contains("1 failed") && Contains("gone.png"));

    const auto alone = folder.path() / "alone.json";
    REQUIRE(run_guide({"segment", sample(), "--view", "suprapatellar-long", "--depth-mm", "40",
                       "--json", alone, "--quiet"})
                .exit_code == 0);
    CHECK(content(out / "seg.json") == content(alone));
    CHECK(json_of(out / "path.json").at("schema") == "guide.plan/1");
    for (const char* file : {"seg.mask.png", "seg.overlay.png", "path.overlay.png"})
        CHECK(fs::exists(out / file));
    CHECK_FALSE(fs::exists(out / "path.mask.png"));
    CHECK_FALSE(fs::exists(out / "gone.json"));
    const auto results = content(out / "results.csv");
    CHECK(lines(results) == 4);
    CHECK_THAT(results, Contains("seg,segment,") && Contains(",0,found,") &&
                            Contains(",0,planned,") && Contains(",1,failed,"));
}

TEST_CASE("batch: begun again it does what is missing, failed or changed, and nothing else") {
    const TemporaryFolder folder;
    const auto manifest = folder.path() / "jobs.csv", out = folder.path() / "out";
    write(manifest, three_jobs());
    CHECK(run_batch(manifest, out).exit_code == 1);
    const auto results = content(out / "results.csv");

    SECTION("nothing changed: only the failure is tried again") {
        const auto again = run_batch(manifest, out);
        CHECK_THAT(again.err, Contains("2 of them done before"));
        CHECK(lines(content(out / "journal.jsonl")) == 4);
        CHECK(content(out / "results.csv") == results);
    }
    SECTION("a missing result is made again") {
        fs::remove(out / "seg.json");
        CHECK_THAT(run_batch(manifest, out).err, Contains("1 of them done before"));
        CHECK(fs::exists(out / "seg.json"));
        CHECK(content(out / "results.csv") == results);
    }
    SECTION("a result that another run has written is made again") {
        const auto before = content(out / "seg.json");
        write(out / "seg.json", "{}");
        CHECK_THAT(run_batch(manifest, out).err, Contains("1 of them done before"));
        CHECK(content(out / "seg.json") == before);
    }
    SECTION("another option makes another job") {
        write(manifest, "id,file,view,depth-mm\npath," + sample() + ",suprapatellar-long,41\n");
        CHECK_THAT(run_batch(manifest, out).err, Contains("0 of them done before"));
    }
    SECTION("a journal cut off in a line loses that line alone") {
        auto journal = content(out / "journal.jsonl");
        write(out / "journal.jsonl", journal.substr(0, journal.find('\n') + 20));
        CHECK_THAT(run_batch(manifest, out).err, Contains("1 of them done before"));
        CHECK_THAT(run_batch(manifest, out).err, Contains("2 of them done before"));
    }
    SECTION("a folder that cannot be written is named") {
        write(folder.path() / "file", "");
        const auto run = run_batch(manifest, folder.path() / "file");
        CHECK(run.exit_code == 1);
        CHECK_THAT(run.err, Contains((folder.path() / "file").string()));
    }
}

TEST_CASE("batch: shards share the jobs, each done once") {
    const TemporaryFolder folder;
    const auto manifest = folder.path() / "jobs.csv", out = folder.path() / "out";
    write(manifest, three_jobs());
    CHECK(run_batch(manifest, out, {"--shard", "2/2"}).exit_code == 0);
    CHECK(lines(content(out / "results.2-of-2.csv")) == 2);
    CHECK(fs::exists(out / "path.json"));
    CHECK_FALSE(fs::exists(out / "seg.json"));
    CHECK(run_batch(manifest, out, {"--shard", "1/2"}).exit_code == 1);
    CHECK_THAT(run_batch(manifest, out).err, Contains("2 of them done before"));

    for (const char* wrong : {"0/2", "3/2", "1", "a/b", "1/2/3", "-1/2", "1/"}) {
        const auto run = run_batch(manifest, out, {"--shard", wrong});
        CHECK(run.exit_code == 2);
        CHECK_THAT(run.err, Contains("--shard"));
    }
}

TEST_CASE("batch: a manifest that cannot be meant is refused before anything is done") {
    struct Wrong {
        std::string text, cause;
    };
    const std::vector<Wrong> all{
        {"", "is empty"},
        {"path,view\na.png,auto\n", "none of them is called file"},
        {"file,view,view\na.png,,\n", "two columns named view"},
        {"file,,view\na.png,,\n", "a column without a name"},
        {"file,json\na.png,b.json\n", "which the batch decides"},
        {"file\na.png,b\n", "line 2: has more cells"},
        {"file,view\na.png,\n,auto\n", "line 3: names no file"},
        {"file\na/knee.png\nb/knee.png\n", "line 3: has the id knee of line 2"},
        {"file,id\na.png,../../x\n", "is no id"},
        {"file,id\na.png,-x\n", "is no id"},
        {"file,command\na.png,simulate\n", "is none of info"},
        {"file\n\"a.png\n", "line 2: has a quotation mark"},
        {"file\n\"a\"b.png\n", "line 2: has text after"},
        {std::string("file\na\0.png\n", 13), "is not text"},
    };
    const TemporaryFolder folder;
    const auto manifest = folder.path() / "jobs.csv", out = folder.path() / "out";
    for (const auto& wrong : all) {
        write(manifest, wrong.text);
        const auto run = run_batch(manifest, out);
        INFO(wrong.text);
        CHECK(run.exit_code == 1);
        CHECK_THAT(run.err, Contains("jobs.csv") && Contains(wrong.cause));
        CHECK_FALSE(fs::exists(out));
    }
    CHECK_THAT(run_batch(folder.path(), out).err, Contains("is a folder"));
    CHECK_THAT(run_batch(folder.path() / "none.csv", out).err, Contains("none.csv"));
}

TEST_CASE(
    "batch: a table as a spreadsheet writes it is read, an option that is none is a failure") {
    const TemporaryFolder folder;
    const auto manifest = folder.path() / "jobs.csv", out = folder.path() / "out";
    fs::copy_file(sample(), folder.path() / "a, \"b\".png");
    write(manifest,
          "\xEF\xBB\xBF"
          "file,id,command,colour\r\n\r\n\"a, \"\"b\"\".png\",one,info,\r\n\"a, "
          "\"\"b\"\".png\",two,info,red\r\n");
    const auto run = run_batch(manifest, out, {"--quiet"});
    CHECK(run.exit_code == 1);
    CHECK(run.err.empty());
    CHECK(json_of(out / "one.json").at("schema") == "guide.info/1");
    CHECK_THAT(content(out / "results.csv"),
               Contains("two,info,") && Contains(",2,failed,") && Contains("--colour"));
}
